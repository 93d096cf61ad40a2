"""Legs received: the inbox of a pair of partitions.

Owns: numbers, repeats, and the recipient's answer to CREDIT and CANCEL.
Never: sends a leg again because it came again: the runtime re-sends its last group by itself.

Numbers of a pair come without gaps and a number never changes its content; anything else is a bug
of ours and halts the partition. A leg below what is kept is known to be final at its sender: it is
parked and alarmed, never answered.
"""

from __future__ import annotations

from ledger import legs
from ledger.case import Moment
from ledger.decisions import sales, travel
from ledger.decisions.incoming import admit_leg
from ledger.decisions.merchants import is_merchant
from ledger.decisions.sagas import answered
from ledger.errors import InvariantError
from ledger.evolving.pairs import NO_PAIR_IN
from ledger.inputs import LegInput
from ledger.journal import POSTED_HERE
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.events import LegReceived, TransferCredited
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import (
    InboxState,
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    Stage,
)


def receive(moment: Moment, given: LegInput) -> Verdict:
    """Take the next leg of its pair; a repeat changes nothing."""
    leg = given.leg
    _check_route(moment, leg)
    pair = moment.view.pairs_in.get(leg.src_partition) or NO_PAIR_IN
    if leg.pair_seq < pair.kept_from:
        return accepted((_received(given, InboxState.PARKED),))
    if leg.pair_seq <= pair.highest:
        return _repeat(moment, given)
    if leg.pair_seq != pair.highest + 1:
        raise InvariantError(
            f"leg {leg.pair_seq} of partition {leg.src_partition} follows {pair.highest}"
        )
    if leg.kind is LegKind.CREDIT:
        return _credit(moment, given)
    if leg.kind is LegKind.CANCEL:
        return _cancel(moment, given)
    return answered(moment, leg, _received(given, InboxState.NOTED))


def _check_route(moment: Moment, leg: Leg) -> None:
    here = moment.place.partition
    if leg.dst_partition != here or leg.src_partition == here:
        raise InvariantError(f"leg from {leg.src_partition} to {leg.dst_partition} came to {here}")
    if leg.kind is LegKind.CREDIT and leg.credit_seq != leg.pair_seq:
        raise InvariantError(f"CREDIT {leg.pair_seq} calls itself {leg.credit_seq}")
    if leg.final_below > leg.pair_seq:
        raise InvariantError(f"leg {leg.pair_seq} says that it is final below {leg.final_below}")


def _repeat(moment: Moment, given: LegInput) -> Verdict:
    leg = given.leg
    row = moment.view.inbox.get((leg.src_partition, leg.pair_seq))
    if row is None or row.digest != given.digest:
        raise InvariantError(
            f"leg {leg.pair_seq} of partition {leg.src_partition} came again with other content"
        )
    return Verdict(Outcome.DUPLICATE, (), row.reason, "", Stage.FINAL, None, None)


def _credit(moment: Moment, given: LegInput) -> Verdict:
    """Credit the recipient and say so, or refuse and say why."""
    leg = given.leg
    arrival = _arrival(moment, leg)
    if isinstance(arrival, Refusal):
        received = _received(given, InboxState.REFUSED, arrival.reason)
        nack = legs.answer(moment.view, moment.place, leg, arrival.reason)
        return rejected(arrival, (received, nack))
    received = _received(given, InboxState.CREDITED)
    ack = legs.answer(moment.view, moment.place, leg, None)
    return accepted((*arrival, received, ack))


def _arrival(moment: Moment, leg: Leg) -> travel.Events | Refusal:
    if leg.purpose not in POSTED_HERE:
        return travel.arrive(moment, leg)
    admitted = admit_leg(moment, leg)
    if isinstance(admitted, Refusal):
        return admitted
    if leg.purpose is Purpose.CAPTURE and is_merchant(moment, leg.to_wallet_id):
        arrival = sales.captured(moment, leg)
        return arrival if isinstance(arrival, Refusal) else (admitted, *arrival)
    credited = TransferCredited(
        leg.transfer_id,
        leg.purpose,
        leg.src_partition,
        leg.from_wallet_id,
        leg.to_wallet_id,
        leg.currency,
        leg.amount,
    )
    return (admitted, credited)


def _cancel(moment: Moment, given: LegInput) -> Verdict:
    """Say again what was done with a CREDIT. It always comes first, so a missing one is parked."""
    leg = given.leg
    row = moment.view.inbox.get((leg.src_partition, leg.credit_seq))
    if row is None or row.state is InboxState.PARKED:
        return accepted((_received(given, InboxState.PARKED),))
    if row.state is InboxState.NOTED:
        raise InvariantError(f"CANCEL {leg.pair_seq} names {leg.credit_seq}, which is no CREDIT")
    return accepted(
        (
            _received(given, InboxState.NOTED),
            legs.answer(moment.view, moment.place, leg, row.reason),
        )
    )


def _received(
    given: LegInput, state: InboxState, reason: RejectionReason | None = None
) -> LegReceived:
    leg = given.leg
    return LegReceived(
        leg.src_partition, leg.pair_seq, given.digest, state, leg.final_below, reason
    )
