"""Chargebacks of top-ups by card: advised, then won or lost.

Owns: how much of a top-up may still be charged back, and who pays.
Never: the scheme's own side.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, ThingKey, Transaction
from ops.auditor.credit import own
from ops.auditor.fields import check_id, check_text
from schemas.messages.commands import AdviseChargeback, ResolveChargeback
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

Body = AdviseChargeback | ResolveChargeback


def check_shape(body: Body) -> None:
    """Refuse malformed fields."""
    if isinstance(body, ResolveChargeback):
        check_id(body.chargeback_id)
        return
    check_id(body.rail)
    check_text(body.ext_ref)
    if body.amount <= 0:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Carry one out."""
    if isinstance(body, AdviseChargeback):
        _advise(books, key, body)
    else:
        _resolve(books, key[0], body)
    books.touched.add(key[0])
    return ACCEPTED


def _resolve(books: Books, wallet_id: str, body: ResolveChargeback) -> None:
    found = books.transactions.get((wallet_id, body.chargeback_id))
    if found is None or found.kind is not TransactionKind.CHARGEBACK:
        raise Refused(RejectionReason.INVALID_TRANSITION, "chargeback_id")
    if found.state is not TransactionState.PENDING:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if body.won:
        found.state = TransactionState.REVERSED
        books.post(
            found.currency,
            ("W.LIEN", wallet_id, found.reserve),
            ("W.AVL", wallet_id, -found.reserve),
        )
    else:
        _lose(books, wallet_id, found)


def _advise(books: Books, key: ThingKey, body: AdviseChargeback) -> None:
    if key in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
    if body.rail != "card":
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    top_up = books.card_top_ups.get(body.ext_ref)
    if top_up is None or top_up.wallet_id != key[0]:
        raise Refused(RejectionReason.INVALID_TRANSITION, "ext_ref")
    if body.amount + _charged_back(books, key[0], body.ext_ref) > top_up.amount:
        raise Refused(RejectionReason.REFUND_EXCEEDED)
    there = min(body.amount, own(books, key[0], top_up.currency))
    books.transactions[key] = Transaction(
        TransactionKind.CHARGEBACK,
        TransactionState.PENDING,
        top_up.currency,
        body.amount,
        reserve=there,
        rail=body.rail,
        counterparty=body.ext_ref,
    )
    books.post(top_up.currency, ("W.AVL", key[0], there), ("W.LIEN", key[0], -there))


def _charged_back(books: Books, wallet_id: str, ext_ref: str) -> int:
    """Add up what is or may still be lost of a top-up."""
    return sum(
        each.amount
        for (owner, _), each in books.transactions.items()
        if owner == wallet_id
        and each.kind is TransactionKind.CHARGEBACK
        and each.counterparty == ext_ref
        and each.state is not TransactionState.REVERSED
    )


def _lose(books: Books, wallet_id: str, found: Transaction) -> None:
    missing = found.amount - found.reserve
    there = min(missing, own(books, wallet_id, found.currency))
    if not (
        books.room("RCV.CUST", wallet_id, found.currency, missing - there)
        and books.room("RAIL.CHB", found.rail, found.currency, -found.amount)
    ):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    found.state = TransactionState.COMPLETED
    books.post(
        found.currency,
        ("W.LIEN", wallet_id, found.reserve),
        ("W.AVL", wallet_id, there),
        ("RCV.CUST", wallet_id, missing - there),
        ("RAIL.CHB", found.rail, -found.amount),
    )
