"""Current rows: what holds and transactions are after the newest event about them.

Owns: the canonical row of each, and its fold from the log; a store must read back the same.
Never: I/O. No store's writer uses it: this is what writers are compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Final, NamedTuple, assert_never

from ledger.facts import HOLD_EVENTS, HoldKey, TransactionKey, columns_of, hold_of
from schemas.messages.decisions import Decision
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    TransactionMoved,
    TransferCompensated,
)
from sinks.answers import Transaction

PLACED_AS: Final = "ACTIVE"


class HoldFact(NamedTuple):
    """A hold as it stands: authorized = captured + released + what remains; 0 = never expires."""

    partition: int
    wallet_id: str
    hold_id: str
    sequence: int  # of the Decision that placed it
    to_wallet_id: str
    currency: str
    authorized: int
    captured: int
    released: int
    status: str
    expires_at: int


def fold_transactions(
    decisions: Iterable[Decision], into: MutableMapping[TransactionKey, Transaction]
) -> None:
    """Take the transactions through what the Decisions say of them."""
    for decision in decisions:
        at = (decision.sequence, decision.decided_at)
        for event in decision.events:
            if isinstance(event, TransactionMoved):
                wallet, transaction = key = (event.wallet_id, event.transaction_id)
                held = into.get(key)
                opened = at if held is None else (held.opened_sequence, held.opened_at)
                said = columns_of(event.row)
                columns = (decision.partition, wallet, transaction, *said, *opened, *at)
                into[key] = Transaction(*columns)


def fold_holds(decisions: Iterable[Decision], into: MutableMapping[HoldKey, HoldFact]) -> None:
    """Take the holds through what the Decisions say of them."""
    for decision in decisions:
        for event in decision.events:
            if isinstance(event, HoldPlaced):
                at = (decision.partition, event.wallet_id, event.hold_id, decision.sequence)
                into[event.wallet_id, event.hold_id] = _placed(at, event)
            elif isinstance(event, HOLD_EVENTS):
                key = hold_of(event)
                if key is not None:
                    into[key] = _after(into[key], event)


def _placed(at: tuple[int, str, str, int], event: HoldPlaced) -> HoldFact:
    return HoldFact(
        *at,
        event.to_wallet_id,
        event.currency,
        event.amount,
        0,
        0,
        PLACED_AS,
        event.expires_at,
    )


def _after(
    held: HoldFact,
    event: HoldIncremented | HoldExtended | HoldCaptured | HoldReleased | TransferCompensated,
) -> HoldFact:
    if isinstance(event, HoldIncremented):
        return held._replace(authorized=held.authorized + event.amount)
    if isinstance(event, HoldExtended):
        return held._replace(expires_at=event.expires_at)
    if isinstance(event, HoldCaptured):
        return held._replace(
            captured=held.captured + event.amount,
            released=held.released + event.released,
            status=str(event.status),
        )
    if isinstance(event, HoldReleased):
        return held._replace(released=held.released + event.released, status=str(event.status))
    if isinstance(event, TransferCompensated):  # a refused capture: captured goes to released
        return held._replace(
            captured=held.captured - event.amount, released=held.released + event.amount
        )
    assert_never(event)
