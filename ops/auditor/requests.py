"""Requests for money: asked by one wallet, paid by another.

Owns: the life of a request, and its payment from both ends.
Never: lets a payment in that was not asked for.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.attempts import attempt, check_new
from ops.auditor.books import Books, Saga, ThingKey, Transaction
from ops.auditor.fields import check_id
from ops.auditor.limits import give_back
from ops.auditor.money import check_amount, fee
from ops.auditor.payments import Payment, begin_saga
from ops.auditor.status import check_credit, check_debit
from ops.auditor.waiting import begin, check_arrival, leg_of_payment, stop, take, waiting
from ops.auditor.wish import Wish
from schemas.messages.commands import CancelRequest, PayRequest, RequestMoney
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeFlow,
    OutflowFamily,
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

Body = RequestMoney | CancelRequest | PayRequest
YEAR_S = 366 * 86_400


def check_shape(policy: Policy, wallet_id: str, body: Body) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, CancelRequest):
        check_id(body.request_id)
        return
    if isinstance(body, PayRequest):
        check_id(body.requester_wallet_id)
        check_id(body.request_id)
        check_amount(policy, body.currency, body.amount, FeeFlow.TRANSFER)
        other = body.requester_wallet_id
    else:
        check_id(body.payer_wallet_id)
        if not 0 <= body.ttl_s <= YEAR_S:
            raise Refused(RejectionReason.MALFORMED_FIELD)
        check_amount(policy, body.currency, body.amount, None)
        other = body.payer_wallet_id
    if other == wallet_id:
        raise Refused(RejectionReason.SELF_TRANSFER)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command about a request."""
    if isinstance(body, PayRequest):
        return _pay(books, key, body)
    if isinstance(body, RequestMoney):
        return _ask(books, key, body)
    request_key = (key[0], body.request_id)
    waiting(books, request_key, TransactionKind.REQUEST_MONEY)
    stop(books, request_key, TransactionState.CANCELLED)
    return ACCEPTED


def _ask(books: Books, key: ThingKey, body: RequestMoney) -> Answer:
    check_new(books, key)
    check_credit(books.wallets[key[0]], body.currency)
    row = Transaction(
        TransactionKind.REQUEST_MONEY,
        TransactionState.INITIATED,
        body.currency,
        body.amount,
        counterparty=body.payer_wallet_id,
        due=books.at + body.ttl_s * 1_000_000 if body.ttl_s else 0,
    )
    begin(books, key, row)
    return ACCEPTED


def _pay(books: Books, key: ThingKey, body: PayRequest) -> Answer:
    check_new(books, key)
    check_debit(books.wallets[key[0]], body.currency)
    charge = fee(books.policy, FeeFlow.TRANSFER, body.amount)
    payment = Payment(
        key[1],
        Purpose.REQUEST,
        key[0],
        body.requester_wallet_id,
        body.currency,
        body.amount,
        charge,
        "W.AVL",
        about=body.request_id,
    )
    home = books.partition_of(payment.payee)
    wish = Wish(
        key[0],
        payment.payee,
        body.currency,
        body.amount,
        body.amount + charge,
        OutflowFamily.P2P,
    )
    consumed = attempt(books, wish, lambda: _check_way(books, payment, home))
    here = home == books.partition
    books.post(
        body.currency,
        ("W.AVL", key[0], body.amount + charge),
        ("IB", str(home), -body.amount),
        ("REV.P2P", "", -charge) if here else ("W.POUT", key[0], -charge),
    )
    if here:
        _paid(books, leg_of_payment(payment, home))
        return ACCEPTED
    begin_saga(books, payment, consumed, home)
    return PENDING


def _check_way(books: Books, payment: Payment, home: int) -> None:
    if not books.room("REV.P2P", "", payment.currency, -payment.fee):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    if home != books.partition:
        if not books.room("IB", str(home), payment.currency, -payment.amount):
            raise Refused(RejectionReason.AMOUNT_OVERFLOW)
        return
    try:
        _check_asked(books, leg_of_payment(payment, home))
    except Refused as refused:
        raise Refused(RejectionReason.RECIPIENT_REFUSED, refused.reason.name) from refused


def arrive(books: Books, leg: Leg) -> None:
    """Money for a request arrives, if it was asked for."""
    _check_asked(books, leg)
    _paid(books, leg)


def _check_asked(books: Books, leg: Leg) -> None:
    """It is open, and asks this payer for this amount."""
    row = waiting(books, (leg.to_wallet_id, leg.about), TransactionKind.REQUEST_MONEY)
    asked = (row.counterparty, row.currency, row.amount)
    if asked != (leg.from_wallet_id, leg.currency, leg.amount):
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_arrival(books, leg)


def _paid(books: Books, leg: Leg) -> None:
    take(books, leg)
    stop(books, (leg.to_wallet_id, leg.about), TransactionState.COMPLETED)


def refused(books: Books, leg: Leg, saga: Saga) -> None:
    """It was not let in: money, fee and limits go back to the payer."""
    payer = leg.from_wallet_id
    books.post(
        saga.currency,
        ("IB", str(saga.to_partition), saga.amount),
        ("W.POUT", payer, saga.fee),
        ("W.AVL", payer, -saga.amount - saga.fee),
    )
    give_back(books, payer, saga.consumed, saga.consumed.base, whole=True)
