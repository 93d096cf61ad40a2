"""Payments: how money goes from one wallet to another, here or on another partition.

Owns: the recipient's yes or no, the postings of a movement, the saga it begins.
Never: asks about the payer; that is done before.
"""

from __future__ import annotations

from dataclasses import dataclass

from ops.auditor import merchants
from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.books import Books, Consumed, Saga
from ops.auditor.limits import check_in, consume_in
from ops.auditor.status import check_credit
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import LegKind, Purpose, RejectionReason, TimerKind, WalletKind


@dataclass(frozen=True, slots=True)
class Payment:
    """A movement: `source` is the account of the payer that the money is in."""

    transfer_id: str
    purpose: Purpose
    payer: str
    payee: str
    currency: str
    amount: int
    fee: int
    source: str
    hold_id: str | None = None
    about: str = ""


def check_payee(books: Books, payment: Payment) -> None:
    """Refuse when the payee, or an account in between, cannot take it."""
    home = books.partition_of(payment.payee)
    if payment.fee and not books.room("REV.P2P", "", payment.currency, -payment.fee):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    if home == books.partition:
        try:
            admit(books, payment.payee, payment.currency, payment.amount)
            if payment.purpose is Purpose.CAPTURE:
                merchants.check_new(books, leg_here(books, payment))
        except Refused as refused:
            detail = refused.reason.name
            raise Refused(RejectionReason.RECIPIENT_REFUSED, detail) from refused
    elif not books.room("IB", str(home), payment.currency, -payment.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)


def admit(books: Books, wallet_id: str, currency: str, amount: int) -> None:
    """Refuse money from somebody else that the wallet may not take."""
    wallet = books.wallets.get(wallet_id)
    if wallet is None:
        raise Refused(RejectionReason.UNKNOWN_WALLET)
    if wallet.kind is WalletKind.TREASURY:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    check_credit(wallet, currency)
    check_in(books, wallet_id, currency, amount, amount)


def pay(books: Books, payment: Payment, consumed: Consumed) -> Answer:
    """Move the money; `check_payee` was asked."""
    books.touched.add(payment.payer)
    home = books.partition_of(payment.payee)
    if home != books.partition:
        _send(books, payment, consumed, home)
        return PENDING
    amount, payer = payment.amount, payment.payer
    consume_in(books, payment.payee, payment.currency, amount, sender=payer)
    if payment.purpose is Purpose.CAPTURE and merchants.lives_here(books, payment.payee):
        source = (payment.source, payment.payer, payment.amount)
        books.post(payment.currency, source, ("IB", str(home), -payment.amount))
        merchants.sell(books, leg_here(books, payment))
        return ACCEPTED
    books.post(
        payment.currency,
        (payment.source, payment.payer, payment.amount + payment.fee),
        ("W.AVL", payment.payee, -payment.amount),
        ("REV.P2P", "", -payment.fee),
    )
    return ACCEPTED


def _send(books: Books, payment: Payment, consumed: Consumed, home: int) -> None:
    # Money from W.POUT has its fee there already.
    fee = 0 if payment.source == "W.POUT" else payment.fee
    books.post(
        payment.currency,
        (payment.source, payment.payer, payment.amount + fee),
        ("IB", str(home), -payment.amount),
        ("W.POUT", payment.payer, -fee),
    )
    begin_saga(books, payment, consumed, home)


def begin_saga(books: Books, payment: Payment, consumed: Consumed, home: int) -> None:
    """Send money that has left its account; the saga waits for the answer."""
    number = books.next_out.get(home, 1)
    due = books.at + books.policy.saga_cancel_after_s * 1_000_000
    key = (payment.payer, payment.transfer_id)
    saga = Saga(
        payment.purpose,
        payment.payee,
        home,
        payment.currency,
        payment.amount,
        payment.fee,
        number,
        due,
        consumed,
        payment.hold_id,
        about=payment.about,
    )
    books.sagas[key] = saga
    books.set_timer(due, TimerKind.SAGA_CANCEL.index, key)
    books.open_credits.setdefault(home, set()).add(number)
    send_leg(books, LegKind.CREDIT, home, leg_of(saga, key))


def leg_of(saga: Saga, key: tuple[str, str]) -> Leg:
    """Return what every leg of a saga says; kind and number are the sender's."""
    payer, transfer_id = key
    return Leg(
        LegKind.CREDIT,
        0,
        saga.to_partition,
        0,
        0,
        saga.credit_seq,
        transfer_id,
        saga.purpose,
        payer,
        saga.to_wallet_id,
        saga.currency,
        saga.amount,
        None,
        saga.about,
    )


def leg_here(books: Books, payment: Payment) -> Leg:
    """Return what a leg would say, had the payee another partition."""
    return Leg(
        LegKind.CREDIT,
        books.partition,
        books.partition,
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


def send_leg(
    books: Books, kind: LegKind, to: int, about: Leg, reason: RejectionReason | None = None
) -> None:
    """Number the next leg to a partition; `final_below` says what is final here, at most."""
    number = books.next_out.get(to, 1)
    books.next_out[to] = number + 1
    lowest_open = min(books.open_credits.get(to) or {number})
    books.legs.append(
        Leg(
            kind,
            books.partition,
            to,
            number,
            lowest_open,
            about.credit_seq,
            about.transfer_id,
            about.purpose,
            about.from_wallet_id,
            about.to_wallet_id,
            about.currency,
            about.amount,
            reason,
            about.about,
        )
    )
