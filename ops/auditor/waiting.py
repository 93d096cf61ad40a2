"""Waiting money: what is common to an escrow and a claim.

Owns: their account, their timer, and the journey of their money to another wallet.
Never: knows why the money goes.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.books import Books, Consumed, ThingKey, Transaction
from ops.auditor.limits import consume_in
from ops.auditor.payments import Payment, admit, begin_saga, check_payee
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import (
    LegKind,
    Purpose,
    RejectionReason,
    TimerKind,
    TransactionKind,
    TransactionState,
    WalletKind,
)

WAKES = TimerKind.TRANSACTION_DUE.index


def begin(books: Books, key: ThingKey, row: Transaction) -> None:
    """A transaction waits from now on, for its time if it has one."""
    row.state = TransactionState.PENDING
    books.transactions[key] = row
    books.set_timer(row.due, WAKES, key)
    books.touched.add(key[0])


def waiting(books: Books, key: ThingKey, kind: TransactionKind) -> Transaction:
    """Return a transaction that waits; refuse about any other."""
    row = books.transactions.get(key)
    if row is None or row.kind is not kind or row.state is not TransactionState.PENDING:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    return row


def stop(books: Books, key: ThingKey, state: TransactionState) -> Transaction:
    """It waits no longer."""
    row = books.transactions[key]
    row.state = state
    books.drop_timer(row.due, WAKES, key)
    books.touched.add(key[0])
    return row


def go_on(books: Books, key: ThingKey) -> Transaction:
    """It waits again; its timer may have been due meanwhile."""
    row = books.transactions[key]
    begin(books, key, row)
    return row


def account_of(row: Transaction, key: ThingKey) -> tuple[str, str]:
    """Return the account of an escrow or claim; no id has the stroke."""
    return "ESC" if row.kind is TransactionKind.ESCROW else "CLAIM", "/".join(key)


def leave(books: Books, payment: Payment, gross: int, consumed: Consumed) -> Answer:
    """Send `gross` of a thing, less what is earned, to a wallet, which takes it here at once."""
    check_payee(books, payment)
    key = (payment.payer, payment.about)
    row = stop(books, key, TransactionState.PROCESSING)
    home = books.partition_of(payment.payee)
    books.post(
        row.currency,
        (*account_of(row, key), gross),
        ("IB", str(home), -payment.amount),
        ("REV.ESC", "", payment.amount - gross),
    )
    if home != books.partition:
        begin_saga(books, payment, consumed, home)
        return PENDING
    take(books, leg_of_payment(payment, home))
    return ACCEPTED


def leg_of_payment(payment: Payment, home: int) -> Leg:
    """Return the leg that money at home would have come by."""
    return Leg(
        LegKind.CREDIT,
        home,
        home,
        0,
        0,
        0,
        payment.transfer_id,
        payment.purpose,
        payment.payer,
        payment.payee,
        payment.currency,
        payment.amount,
        None,
        payment.about,
    )


def take(books: Books, leg: Leg) -> None:
    """Book money that has arrived: an escrow's is payable to a merchant, else it is available."""
    to = books.wallets[leg.to_wallet_id]
    payable = leg.purpose is Purpose.ESCROW and to.kind is WalletKind.MERCHANT
    payer = leg.from_wallet_id
    consume_in(books, leg.to_wallet_id, leg.currency, leg.amount, sender=payer)
    books.post(
        leg.currency,
        ("IB", str(leg.src_partition), leg.amount),
        ("M.PAY" if payable else "W.AVL", leg.to_wallet_id, -leg.amount),
    )


def check_arrival(books: Books, leg: Leg) -> None:
    """Refuse a leg that its wallet or its IB account cannot take."""
    if leg.amount <= 0:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    admit(books, leg.to_wallet_id, leg.currency, leg.amount)
    if not books.room("IB", str(leg.src_partition), leg.currency, leg.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
