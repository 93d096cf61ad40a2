"""Legs: messages between partitions, taken once each, answered once each.

Owns: the inbox of a pair, the recipient's answer, and what an answer does to the payer.
Never: compensates without a NACK.
"""

from __future__ import annotations

from hashlib import sha256

from ops.auditor import families, merchants
from ops.auditor.answer import ACCEPTED, Answer, Broken, Refused
from ops.auditor.books import Books, Saga, Taken, ThingKey
from ops.auditor.endings import end_movement
from ops.auditor.limits import consume_in, give_back
from ops.auditor.payments import admit, leg_of, send_leg
from ops.auditor.spending import give_back_of_hold
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import (
    InboxState,
    LegKind,
    Outcome,
    Purpose,
    RejectionReason,
    TimerKind,
)

PLAIN = (Purpose.TRANSFER, Purpose.CAPTURE)


def receive(books: Books, leg: Leg, value: bytes) -> Answer:
    """Take a leg; numbers of a pair come without gaps, and one number has one content."""
    source, number = leg.src_partition, leg.pair_seq
    digest = sha256(value).digest()[:16]
    if leg.dst_partition != books.partition or source == books.partition:
        raise Broken(f"a leg from {source} to {leg.dst_partition} came here")
    if number < books.kept_from.get(source, 1):
        return ACCEPTED  # long final at its sender: parked, never answered
    highest = books.highest_in.get(source, 0)
    if number <= highest:
        return _repeated(books.inbox.get((source, number)), digest, number)
    if number != highest + 1:
        raise Broken(f"leg {number} of partition {source} follows {highest}")
    if leg.kind is LegKind.CREDIT:
        answer, state = _credit(books, leg)
    elif leg.kind is LegKind.CANCEL:
        answer, state = _cancel(books, leg)
    else:
        answer, state = _answered(books, leg), InboxState.NOTED
    books.inbox[source, number] = Taken(digest, state, answer.reason)
    books.highest_in[source] = number
    for each in range(books.kept_from.get(source, 1), leg.final_below):
        books.inbox.pop((source, each), None)
    books.kept_from[source] = max(books.kept_from.get(source, 1), leg.final_below)
    return answer


def _repeated(taken: Taken | None, digest: bytes, number: int) -> Answer:
    if taken is None or taken.digest != digest:
        raise Broken(f"leg {number} came again with other content")
    return Answer(Outcome.DUPLICATE, taken.reason)


def _credit(books: Books, leg: Leg) -> tuple[Answer, InboxState]:
    try:
        _check_credit(books, leg)
    except Refused as refused:
        send_leg(books, LegKind.NACK, leg.src_partition, leg, refused.reason)
        return refused.answer(), InboxState.REFUSED
    if leg.purpose is Purpose.CAPTURE and merchants.lives_here(books, leg.to_wallet_id):
        consume_in(books, *_credited(leg), sender=leg.from_wallet_id)
        merchants.sell(books, leg)
    elif leg.purpose in PLAIN:
        consume_in(books, *_credited(leg), sender=leg.from_wallet_id)
        books.post(
            leg.currency,
            ("IB", str(leg.src_partition), leg.amount),
            ("W.AVL", leg.to_wallet_id, -leg.amount),
        )
    send_leg(books, LegKind.ACK, leg.src_partition, leg)
    return ACCEPTED, InboxState.CREDITED


def _check_credit(books: Books, leg: Leg) -> None:
    if leg.purpose not in PLAIN:
        families.arrive(books, leg)
        return
    if leg.amount <= 0:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    admit(books, leg.to_wallet_id, leg.currency, leg.amount)
    if not books.room("IB", str(leg.src_partition), leg.currency, leg.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    if leg.purpose is Purpose.CAPTURE:
        merchants.check_new(books, leg)


def _cancel(books: Books, leg: Leg) -> tuple[Answer, InboxState]:
    """Say again what was done with a CREDIT; one that is not known is parked."""
    taken = books.inbox.get((leg.src_partition, leg.credit_seq))
    if taken is None or taken.state is InboxState.PARKED:
        return ACCEPTED, InboxState.PARKED
    if taken.state is InboxState.NOTED:
        raise Broken(f"CANCEL names leg {leg.credit_seq}, which is no CREDIT")
    kind = LegKind.ACK if taken.reason is None else LegKind.NACK
    send_leg(books, kind, leg.src_partition, leg, taken.reason)
    return ACCEPTED, InboxState.NOTED


def _answered(books: Books, leg: Leg) -> Answer:
    key = (leg.from_wallet_id, leg.transfer_id)
    saga = books.sagas.get(key)
    if saga is None or saga.credit_seq != leg.credit_seq:
        if leg.credit_seq >= books.next_out.get(leg.src_partition, 1):
            raise Broken(f"an answer to CREDIT {leg.credit_seq}, which was never sent")
        return ACCEPTED  # the second answer of a saga that has ended
    del books.sagas[key]
    books.drop_timer(saga.due, TimerKind.SAGA_CANCEL.index, key)
    books.open_credits[saga.to_partition].discard(saga.credit_seq)
    books.touched.add(key[0])
    if leg.kind is LegKind.ACK:
        books.post(saga.currency, ("W.POUT", key[0], saga.fee), ("REV.P2P", "", -saga.fee))
        if saga.purpose not in PLAIN:
            families.delivered(books, leg)
        end_movement(books, key, ACCEPTED)
    else:
        if saga.purpose in PLAIN:
            _compensate(books, key, saga)
        else:
            families.refused(books, leg, saga)
        end_movement(books, key, Answer(Outcome.REJECTED, RejectionReason.RECIPIENT_REFUSED))
    return ACCEPTED


def _compensate(books: Books, key: ThingKey, saga: Saga) -> None:
    """Money and fee go back to W.AVL; of a hold the amount was released then, not captured."""
    books.post(
        saga.currency,
        ("IB", str(saga.to_partition), saga.amount),
        ("W.POUT", key[0], saga.fee),
        ("W.AVL", key[0], -saga.amount - saga.fee),
    )
    if saga.hold_id is None:
        give_back(books, key[0], saga.consumed, saga.consumed.base, whole=True)
        return
    hold = books.holds[key[0], saga.hold_id]
    whole = hold.captured == saga.amount and not hold.is_open
    give_back_of_hold(books, key[0], hold, saga.amount, whole=whole)
    hold.captured -= saga.amount
    hold.released += saga.amount


def ask_again(books: Books, key: ThingKey) -> Answer:
    """No answer in time: ask what became of it, waiting twice as long each time, then park it."""
    saga = books.sagas[key]
    books.drop_timer(saga.due, TimerKind.SAGA_CANCEL.index, key)
    books.touched.add(key[0])
    if saga.questions >= books.policy.saga_max_attempts:
        saga.due = 0
        return ACCEPTED
    saga.questions += 1
    wait_us = books.policy.saga_cancel_after_s * 1_000_000 * 2 ** min(saga.questions, 10)
    saga.due = books.at + wait_us
    books.set_timer(saga.due, TimerKind.SAGA_CANCEL.index, key)
    send_leg(books, LegKind.CANCEL, saga.to_partition, leg_of(saga, key))
    return ACCEPTED


def _credited(leg: Leg) -> tuple[str, str, int]:
    return leg.to_wallet_id, leg.currency, leg.amount
