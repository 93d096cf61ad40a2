"""Increments: more money reserved under a hold, by command or because a capture exceeds it.

Owns: the checks of an increment, which are those of any attempt to pay, and its events.
Never: captures.
"""

from __future__ import annotations

from typing import Final, final

from ledger.case import Case
from ledger.decisions.outgoing import attempted, cleared, consumed, consumption_of
from ledger.holds import with_increment
from ledger.outgoing import Intent
from ledger.refusal import Refusal
from ledger.verdict import Verdict
from schemas.messages.decisions import Event, RiskAssessment
from schemas.messages.events import HoldIncremented
from schemas.messages.rows import HoldPart, HoldRow
from schemas.messages.vocabulary import RejectionReason


@final
class Reserved:
    """An increment that may be made: its events, and the hold as it stands after them."""

    __slots__ = ("events", "risk", "row")

    def __init__(self, events: tuple[Event, ...], row: HoldRow, risk: RiskAssessment) -> None:
        self.events: Final = events
        self.row: Final = row
        self.risk: Final = risk


def reserve_more(case: Case, hold_id: str, row: HoldRow, amount: int) -> Reserved | Verdict:
    """Check bound, limits, funds and fraud rules for what is added to a hold."""
    intent = Intent(row.to_wallet_id, row.currency, amount, amount)
    outgoing = attempted(case, intent, _bound(case, row))
    if isinstance(outgoing, Verdict):
        return outgoing
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    used = consumption_of(outgoing)
    part = HoldPart(amount, used.entry, used.day, used.month, used.base_amount)
    incremented = HoldIncremented(
        case.wallet_id,
        hold_id,
        row.currency,
        amount,
        used.entry,
        used.day,
        used.month,
        used.base_amount,
    )
    events = (consumed(case, intent, outgoing), incremented)
    return Reserved(events, with_increment(row, part), risk)


def _bound(case: Case, row: HoldRow) -> Refusal | None:
    if len(row.increments) >= case.moment.programme.policy.max_hold_increments:
        return Refusal(RejectionReason.BOUND_EXCEEDED, "max_hold_increments")
    return None
