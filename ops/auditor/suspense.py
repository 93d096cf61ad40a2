"""Suspense: money of receipts whose owner was found, on its way to him.

Owns: AllocateSuspense, and suspense money that arrives, has arrived or comes back.
Never: believes that a receipt holds what its row says; SUSP:in is asked too.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Broken, Refused
from ops.auditor.books import Attempt, Books, Consumed, ThingKey, Transaction, Wallet
from ops.auditor.entries import check_room
from ops.auditor.limits import consume_in
from ops.auditor.payments import Payment, admit, begin_saga
from schemas.messages.commands import AllocateSuspense
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import (
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

NOTHING: Final = Consumed(Attempt(0, 0, 0), 0, 0, 0)


def check_unused(books: Books, key: ThingKey) -> None:
    """Refuse an id that names an earlier transaction."""
    if key in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")


def check_open(wallet: Wallet, currency: str) -> None:
    """Refuse a closed wallet, and a currency that it does not hold."""
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def allocate(books: Books, key: ThingKey, body: AllocateSuspense) -> Answer:
    """Send part of a receipt to its owner."""
    receipt_key = books.receipts.get(body.ext_ref)
    if receipt_key is None or receipt_key[0] != key[0]:
        raise Refused(RejectionReason.INVALID_TRANSITION, "ext_ref")
    check_unused(books, key)
    wallet = books.wallets[key[0]]
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if wallet.debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    check_open(wallet, body.currency)
    receipt = books.transactions[receipt_key]
    if receipt.currency != body.currency or receipt.amount - receipt.done < body.amount:
        raise Refused(RejectionReason.INSUFFICIENT_FUNDS, "SUSP")
    if -books.balance("SUSP", "in", body.currency) < body.amount:
        raise Broken("a receipt has more without an owner than SUSP:in holds")
    answer = _travel(books, key, body)
    _allocated(receipt, body.amount)
    state = TransactionState.PROCESSING if answer is PENDING else TransactionState.COMPLETED
    books.transactions[key] = Transaction(
        TransactionKind.SUSPENSE_ALLOCATION,
        state,
        body.currency,
        body.amount,
        reference=body.ext_ref,
    )
    books.touched.add(key[0])
    return answer


def _travel(books: Books, key: ThingKey, body: AllocateSuspense) -> Answer:
    home = books.partition_of(body.to_wallet_id)
    out = (("SUSP", "in", body.amount), ("IB", str(home), -body.amount))
    if home == books.partition:
        try:
            admit(books, body.to_wallet_id, body.currency, body.amount)
            check_room(books, body.currency, ("IB", str(home), body.amount))
        except Refused as refused:
            detail = refused.reason.name
            raise Refused(RejectionReason.RECIPIENT_REFUSED, detail) from refused
        books.post(body.currency, *out)
        _credit(books, home, body.to_wallet_id, body.currency, body.amount)
        return ACCEPTED
    if not books.room("IB", str(home), body.currency, -body.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    books.post(body.currency, *out)
    payment = Payment(
        key[1],
        Purpose.SUSPENSE,
        key[0],
        body.to_wallet_id,
        body.currency,
        body.amount,
        0,
        "SUSP",
    )
    begin_saga(books, payment, NOTHING, home)
    return PENDING


def _credit(books: Books, source: int, wallet_id: str, currency: str, amount: int) -> None:
    consume_in(books, wallet_id, currency, amount)
    books.post(currency, ("IB", str(source), amount), ("W.AVL", wallet_id, -amount))


def _allocated(receipt: Transaction, amount: int) -> None:
    receipt.done += amount
    whole = receipt.done == receipt.amount
    receipt.state = TransactionState.COMPLETED if whole else TransactionState.PENDING


def arrive(books: Books, leg: Leg) -> None:
    """Credit the owner that was found, within his limits."""
    if leg.amount <= 0:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    admit(books, leg.to_wallet_id, leg.currency, leg.amount)
    check_room(books, leg.currency, ("IB", str(leg.src_partition), leg.amount))
    _credit(books, leg.src_partition, leg.to_wallet_id, leg.currency, leg.amount)


def delivered(books: Books, leg: Leg) -> None:
    """The owner has it."""
    key = (leg.from_wallet_id, leg.transfer_id)
    books.transactions[key].state = TransactionState.COMPLETED


def refused(books: Books, leg: Leg) -> None:
    """The owner may not have it: the receipt has none again."""
    allocation = books.transactions[leg.from_wallet_id, leg.transfer_id]
    allocation.state = TransactionState.FAILED
    books.post(
        allocation.currency,
        ("IB", str(leg.src_partition), allocation.amount),
        ("SUSP", "in", -allocation.amount),
    )
    _allocated(books.transactions[books.receipts[allocation.reference]], -allocation.amount)
