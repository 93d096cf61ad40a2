"""Lives: every change of a transaction, a transfer, a hold or a card top-up as one flat record.

Owns: the row function of `wallet.transactions.v1`, and which events are changes.
Never: keeps a state. What an event leaves unsaid is null, but for the end of a transfer, whose
beginning the caller remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from schemas.messages.decisions import Decision, Event
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    ReviewOpened,
    ReviewResolved,
    ToppedUp,
    TransactionMoved,
    TransferCompensated,
    TransferCompleted,
    TransferCredited,
    TransferDebited,
    TransferSettled,
)
from schemas.messages.facts import TransactionFact, TravellingRow
from streams.publish import changes
from streams.publish.changes import Change
from streams.publish.stamped import Stamp, exponent_of

# How a transfer that was sent away began, by payer and transfer id.
Remembered = Callable[[str, str], TravellingRow]


def changes_of(decision: Decision, stamp: Stamp, remembered: Remembered) -> list[TransactionFact]:
    """Return the facts of every change, in the order of the events."""
    reviewed = {
        (event.wallet_id, event.review_id)
        for event in decision.events
        if isinstance(event, ReviewResolved)
    }
    facts: list[TransactionFact] = []
    for event in decision.events:
        for change in _changes(event, reviewed, remembered):
            facts.append(_fact(decision, stamp, len(facts), event, change))
    return facts


def _fact(
    decision: Decision, stamp: Stamp, number: int, event: Event, change: Change
) -> TransactionFact:
    return TransactionFact(
        f"{decision.partition}-{decision.sequence}-{number}",
        decision.partition,
        decision.sequence,
        number,
        change.wallet_id,
        change.thing,
        change.transaction_id,
        change.kind,
        type(event).__name__,
        change.direction,
        change.before,
        change.state,
        change.currency,
        exponent_of(change.currency),
        change.amount,
        change.fee,
        change.done,
        change.refunded,
        change.released,
        change.counterparty,
        change.rail,
        change.reference,
        change.hold_id,
        change.reason,
        change.actor,
        change.due,
        decision.command_id,
        *stamp.times,
    )


def _changes(
    event: Event, reviewed: set[tuple[str, str]], remembered: Remembered
) -> Iterator[Change]:
    if isinstance(event, TransactionMoved):
        yield changes.moved(event)
    elif isinstance(event, ToppedUp):
        yield changes.topped_up(event)
    elif isinstance(event, (HoldPlaced, HoldIncremented, HoldExtended)):
        yield changes.reserved(event)
    elif isinstance(event, (HoldCaptured, HoldReleased)):
        yield changes.freed(event)
    else:
        yield from _transfer_changes(event, reviewed, remembered)


def _transfer_changes(
    event: Event, reviewed: set[tuple[str, str]], remembered: Remembered
) -> Iterator[Change]:
    if isinstance(event, (ReviewOpened, ReviewResolved)):
        yield changes.reviewed(event)
    elif isinstance(event, (TransferCompleted, TransferDebited)):
        again = (event.from_wallet_id, event.transfer_id) in reviewed
        yield changes.left(event, after_review=again)
        if isinstance(event, TransferCompleted):
            yield changes.arrived(event)
    elif isinstance(event, TransferCredited):
        yield changes.arrived(event)
    elif isinstance(event, TransferSettled):
        yield changes.settled(event, remembered(event.from_wallet_id, event.transfer_id))
    elif isinstance(event, TransferCompensated):
        began = remembered(event.from_wallet_id, event.transfer_id)
        yield from changes.came_back(event, began)
