"""Bills: what a biller is paid, and what one that says no gives back.

Owns: both commands.
Never: remits.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.attempts import attempt, check_new
from ops.auditor.books import Books, ThingKey, Transaction
from ops.auditor.fields import check_id, check_text
from ops.auditor.limits import give_back
from ops.auditor.money import check_amount, fee
from ops.auditor.status import check_debit
from ops.auditor.wish import Wish
from schemas.messages.commands import PayBill, RejectBill
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

Body = PayBill | RejectBill
PAID = (TransactionState.COMPLETED, TransactionState.SETTLED)


def check_shape(policy: Policy, wallet_id: str, body: Body) -> None:  # noqa: ARG001 - as the others
    """Refuse what no state could make right."""
    if isinstance(body, PayBill):
        check_id(body.biller)
        check_text(body.bill_ref)
        check_amount(policy, body.currency, body.amount, FeeFlow.BILL)
    else:
        check_id(body.transaction_id)
        check_text(body.reason_code)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command about a bill."""
    return _pay(books, key, body) if isinstance(body, PayBill) else _reject(books, key, body)


def _pay(books: Books, key: ThingKey, body: PayBill) -> Answer:
    check_new(books, key)
    check_debit(books.wallets[key[0]], body.currency)
    charge = fee(books.policy, FeeFlow.BILL, body.amount)

    def check_room() -> None:
        for account, owner, credit in (
            ("BILLER", body.biller, body.amount),
            ("REV.BILL", "", charge),
        ):
            if not books.room(account, owner, body.currency, -credit):
                raise Refused(RejectionReason.AMOUNT_OVERFLOW, account)

    wish = Wish(key[0], f"biller/{body.biller}", body.currency, body.amount, body.amount + charge)
    consumed = attempt(books, wish, check_room)
    books.transactions[key] = Transaction(
        TransactionKind.BILL_PAYMENT,
        TransactionState.COMPLETED,
        body.currency,
        body.amount,
        charge,
        counterparty=body.biller,
        consumed=consumed,
    )
    books.post(
        body.currency,
        ("W.AVL", key[0], body.amount + charge),
        ("BILLER", body.biller, -body.amount),
        ("REV.BILL", "", -charge),
    )
    return ACCEPTED


def _reject(books: Books, key: ThingKey, body: RejectBill) -> Answer:
    row = books.transactions.get((key[0], body.transaction_id))
    if row is None or row.kind is not TransactionKind.BILL_PAYMENT or row.state not in PAID:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    assert row.consumed is not None, "a payment consumed something"
    to = ("UNCLAIMED", "") if books.wallets[key[0]].closed else ("W.AVL", key[0])
    books.post(
        row.currency,
        ("BILLER", row.counterparty, row.amount),
        ("REV.BILL", "", row.fee),
        (*to, -row.amount - row.fee),
    )
    row.state = TransactionState.REVERSED
    give_back(books, key[0], row.consumed, row.consumed.base, whole=True)
    return ACCEPTED
