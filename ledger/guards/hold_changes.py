"""Hold changes: the guards of IncrementHold and ExtendHold.

Owns: what their fields look like, and which holds may be changed.
Never: money, limits. Captures and voids are with the older commands in `ledger.guards.state`.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import TTL_MAX_S, id_refusal, malformed, positive
from ledger.holds import OPEN, TRANSITIONS, HoldVerb
from ledger.refusal import Refusal
from ledger.standing import debit_refusal
from schemas.messages.commands import ExtendHold, IncrementHold
from schemas.messages.vocabulary import RejectionReason

HoldChange = IncrementHold | ExtendHold
COMMANDS: Final = (IncrementHold, ExtendHold)


def shape(body: HoldChange) -> Refusal | None:
    """Refuse what no state could make right."""
    refusal = id_refusal(body.hold_id, "hold_id")
    if refusal is not None:
        return refusal
    if isinstance(body, IncrementHold):
        return positive(body.amount)
    return None if 0 <= body.ttl_s <= TTL_MAX_S else malformed("ttl_s")


def state(case: Case, body: HoldChange) -> Refusal | None:
    """Refuse a hold that is not open, and an increment once part of it was captured."""
    row = case.moment.view.holds.get((case.wallet_id, body.hold_id))
    if row is None or row.status not in OPEN:
        return Refusal(RejectionReason.HOLD_NOT_ACTIVE, "hold_id")
    verb = HoldVerb.INCREMENT if isinstance(body, IncrementHold) else HoldVerb.EXTEND
    if (row.status, verb) not in TRANSITIONS:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.status.name)
    return None


def status(case: Case, body: HoldChange) -> Refusal | None:
    """Refuse to reserve more money of a wallet that may not pay."""
    if isinstance(body, ExtendHold):
        return None
    row = case.moment.view.holds.get((case.wallet_id, body.hold_id))
    return None if row is None else debit_refusal(case, row.currency)
