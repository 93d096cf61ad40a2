"""Escrows: a buyer's money that waits for milestones of a seller.

Owns: funding, release, refund and the end of an escrow's life.
Never: the journey of released money (`waiting.py`).
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.attempts import attempt, check_new
from ops.auditor.books import Books, Consumed, Saga, ThingKey, Transaction
from ops.auditor.fields import check_id
from ops.auditor.limits import give_back
from ops.auditor.money import check_amount, fee
from ops.auditor.payments import Payment
from ops.auditor.status import check_debit, check_handover
from ops.auditor.waiting import account_of, begin, go_on, leave, stop, waiting
from ops.auditor.wish import Wish
from schemas.messages.commands import FundEscrow, RefundEscrow, ReleaseEscrow
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeFlow,
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

Body = FundEscrow | ReleaseEscrow | RefundEscrow
YEAR_S = 366 * 86_400


def check_shape(policy: Policy, wallet_id: str, body: Body) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, FundEscrow):
        check_id(body.seller_wallet_id)
        if body.ttl_s is not None and not 0 <= body.ttl_s <= YEAR_S:
            raise Refused(RejectionReason.MALFORMED_FIELD)
        check_amount(policy, body.currency, body.amount, None)
        if body.seller_wallet_id == wallet_id:
            raise Refused(RejectionReason.SELF_TRANSFER)
        return
    check_id(body.escrow_id)
    if isinstance(body, ReleaseEscrow) and (
        body.amount <= 0 or fee(policy, FeeFlow.ESCROW, body.amount) >= body.amount
    ):
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command about an escrow."""
    if isinstance(body, FundEscrow):
        return _fund(books, key, body)
    if isinstance(body, ReleaseEscrow):
        return _release(books, key, body)
    escrow_key = (key[0], body.escrow_id)
    waiting(books, escrow_key, TransactionKind.ESCROW)
    refund(books, escrow_key)
    return ACCEPTED


def _fund(books: Books, key: ThingKey, body: FundEscrow) -> Answer:
    check_new(books, key)
    check_debit(books.wallets[key[0]], body.currency)
    wish = Wish(key[0], body.seller_wallet_id, body.currency, body.amount, body.amount)
    consumed = attempt(books, wish)
    row = Transaction(
        TransactionKind.ESCROW,
        TransactionState.INITIATED,
        body.currency,
        body.amount,
        counterparty=body.seller_wallet_id,
        due=books.at + body.ttl_s * 1_000_000 if body.ttl_s else 0,
        consumed=consumed,
    )
    begin(books, key, row)
    books.post(body.currency, ("W.AVL", key[0], body.amount), (*account_of(row, key), -body.amount))
    return ACCEPTED


def _release(books: Books, key: ThingKey, body: ReleaseEscrow) -> Answer:
    check_new(books, key)
    escrow_key = (key[0], body.escrow_id)
    row = waiting(books, escrow_key, TransactionKind.ESCROW)
    if body.amount > row.amount - row.done:
        raise Refused(RejectionReason.HOLD_EXCEEDED)
    check_handover(books.wallets[key[0]])
    charge = fee(books.policy, FeeFlow.ESCROW, body.amount)
    if not books.room("REV.ESC", "", row.currency, -charge):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    arrives = body.amount - charge
    payment = Payment(
        key[1],
        Purpose.ESCROW,
        key[0],
        row.counterparty,
        row.currency,
        arrives,
        0,
        "ESC",
        about=body.escrow_id,
    )
    answer = leave(books, payment, body.amount, _consumed(row))
    row.reserve = body.amount
    if answer is ACCEPTED:
        _landed(books, escrow_key)
    return answer


def delivered(books: Books, leg: Leg) -> None:
    """The seller has a milestone."""
    _landed(books, (leg.from_wallet_id, leg.about))


def refused(books: Books, leg: Leg, saga: Saga) -> None:
    """The seller refused: money and fee are in the escrow again."""
    key = (leg.from_wallet_id, leg.about)
    row = go_on(books, key)
    books.post(
        row.currency,
        ("IB", str(saga.to_partition), saga.amount),
        ("REV.ESC", "", row.reserve - saga.amount),
        (*account_of(row, key), -row.reserve),
    )
    row.reserve = 0


def refund(books: Books, key: ThingKey) -> None:
    """Give back what was not released, with its share of the limits."""
    row = books.transactions[key]
    rest = row.amount - row.done
    stop(books, key, TransactionState.COMPLETED if row.done else TransactionState.REVERSED)
    books.post(row.currency, (*account_of(row, key), rest), ("W.AVL", key[0], -rest))
    consumed = _consumed(row)
    share = consumed.base * rest // row.amount
    give_back(books, key[0], consumed, share, whole=row.done == 0)
    row.refunded = rest


def _landed(books: Books, key: ThingKey) -> None:
    row = books.transactions[key]
    row.done += row.reserve
    row.reserve = 0
    books.touched.add(key[0])
    if row.done < row.amount:
        go_on(books, key)
    else:
        row.state = TransactionState.COMPLETED


def _consumed(row: Transaction) -> Consumed:
    assert row.consumed is not None, "an escrow consumed something"
    return row.consumed
