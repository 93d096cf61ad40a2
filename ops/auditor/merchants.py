"""Merchants: what reaches one, and out of which accounts it gives money back.

Owns: terms, the parting of a sale, the order in which a merchant's accounts pay.
Never: shares a formula with the ledger: shares are fractions, rounded where the catalogue says so.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Final

from ops.auditor import trades
from ops.auditor.answer import Broken, Refused
from ops.auditor.books import INT64_MAX, Books, Line, Transaction
from ops.auditor.kept import Suspended
from ops.auditor.limits import stored
from ops.auditor.money import day_and_month
from ops.auditor.status import check_credit
from schemas.messages.commands import SetMerchantTerms
from schemas.messages.legs import Leg
from schemas.messages.vocabulary import (
    Purpose,
    RejectionReason,
    TimerKind,
    TransactionKind,
    TransactionState,
    WalletKind,
)

SECOND_US: Final = 1_000_000


def terms(books: Books, merchant: str) -> SetMerchantTerms:
    """Return what holds for a merchant."""
    policy = books.policy
    return books.terms.get(merchant) or SetMerchantTerms(
        policy.merchant_mdr_bp,
        policy.merchant_mdr_fixed_minor,
        policy.merchant_reserve_bp,
        policy.merchant_mature_after_s,
        policy.merchant_fee_back,
        reserve_for_s=policy.merchant_reserve_for_s,
    )


def lives_here(books: Books, wallet_id: str) -> bool:
    """Tell whether a merchant has its wallet here."""
    wallet = books.wallets.get(wallet_id)
    return wallet is not None and wallet.kind is WalletKind.MERCHANT


def name_of(leg: Leg) -> tuple[str, str]:
    """Return the key of a payment: its merchant, and who paid it by which command."""
    return leg.to_wallet_id, f"{leg.from_wallet_id}/{leg.transfer_id}"


def arrive(books: Books, leg: Leg) -> None:
    """Take a sale; what the merchant may not have is kept apart."""
    try:
        check_sale(books, leg)
    except Refused:
        source = ("IB", str(leg.src_partition), leg.amount)
        books.post(leg.currency, source, ("SUSP", "merchant", -leg.amount))
        name = (leg.from_wallet_id, leg.transfer_id)
        kept = Suspended(*name, leg.currency, leg.amount, leg.about)
        books.suspended[*name, books.sequence] = kept
        return
    sell(books, leg)


def check_sale(books: Books, leg: Leg) -> None:
    """Refuse a sale to nobody, to no merchant, to one who may not have it, or has it."""
    wallet = books.wallets.get(leg.to_wallet_id)
    if wallet is None:
        raise Refused(RejectionReason.UNKNOWN_WALLET)
    if wallet.kind is not WalletKind.MERCHANT:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    check_credit(wallet, leg.currency)
    check_new(books, leg)
    if stored(books, leg.to_wallet_id, leg.currency) + leg.amount > INT64_MAX:
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)


def sell(books: Books, leg: Leg) -> None:
    """Part a payment into fee, reserve, debt and what has to mature."""
    merchant, _ = key = name_of(leg)
    agreed = terms(books, merchant)
    fee = floor(Fraction(leg.amount * agreed.mdr_bp, 10_000)) + agreed.mdr_fixed_minor
    fee = min(fee, leg.amount)
    reserve, raised = 0, trades.sell(books, leg)
    if leg.purpose is Purpose.SALE:
        reserve = floor(Fraction(leg.amount * max(agreed.reserve_bp, raised), 10_000))
        reserve = min(reserve, leg.amount - fee)
    net = leg.amount - fee - reserve
    debt = min(net, books.balance("RCV.MERCH", merchant, leg.currency))
    books.post(
        leg.currency,
        ("IB", str(leg.src_partition), leg.amount),
        ("REV.MDR", "", -fee),
        ("M.RSV", merchant, -reserve),
        ("RCV.MERCH", merchant, -debt),
        ("M.PEND", merchant, debt - net),
    )
    payment = books.transactions[key] = Transaction(
        TransactionKind.PAYMENT,
        TransactionState.COMPLETED,
        leg.currency,
        leg.amount,
        fee,
        reserve=reserve,
        counterparty=leg.from_wallet_id,
        pending=net - debt,
        day=day_and_month(books.policy, books.at)[0],
    )
    if agreed.reserve_for_s:
        payment.reserve_due = books.at + agreed.reserve_for_s * SECOND_US
    if payment.pending:
        payment.due = books.at + agreed.mature_after_s * SECOND_US
        books.set_timer(payment.due, TimerKind.TRANSACTION_DUE.index, key)
    else:
        set_alarm(books, key, payment)
    books.touched.add(merchant)


def check_new(books: Books, leg: Leg) -> None:
    """Refuse a capture whose name a payment has already."""
    if name_of(leg) in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION)


def wake(books: Books, key: tuple[str, str], payment: Transaction) -> None:
    """Its time has come: what waits of a payment may be paid out."""
    if not payment.pending:
        release(books, key, payment)
        return
    lines = (("M.PEND", key[0], payment.pending), ("M.PAY", key[0], -payment.pending))
    books.post(payment.currency, *lines)
    books.touched.add(key[0])
    payment.pending = 0
    set_alarm(books, key, payment)


def release(books: Books, key: tuple[str, str], payment: Transaction) -> None:
    """Pay a debt with the reserve of a payment; the rest of it may be paid out."""
    if payment.state is TransactionState.DISPUTED:
        raise Broken(f"the reserve of payment {key} is disputed")
    reserve, payment.reserve = payment.reserve, 0
    if not reserve:
        raise Broken(f"payment {key} has no reserve")
    debt = min(reserve, books.balance("RCV.MERCH", key[0], payment.currency))
    books.post(
        payment.currency,
        ("M.RSV", key[0], reserve),
        ("RCV.MERCH", key[0], -debt),
        ("M.PAY", key[0], debt - reserve),
    )
    books.touched.add(key[0])
    set_alarm(books, key, payment)


def set_alarm(books: Books, key: tuple[str, str], payment: Transaction) -> None:
    """Once nothing of a payment is pending, its timer is that of its reserve, if it has one."""
    if payment.pending:
        return
    sleep(books, key, payment)
    if payment.reserve and payment.state is not TransactionState.DISPUTED:
        payment.due = payment.reserve_due
        books.set_timer(payment.due, TimerKind.TRANSACTION_DUE.index, key)


def draw(books: Books, key: tuple[str, str], amount: int) -> list[Line]:
    """Return the lines by which a merchant gives back an amount of a payment, and note them."""
    merchant, payment = key[0], books.transactions[key]
    payable = -books.balance("M.PAY", merchant, payment.currency)
    lines: list[Line] = []
    for account, has in (
        ("M.PEND", payment.pending),
        ("M.PAY", payable),
        ("M.RSV", payment.reserve),
        ("RCV.MERCH", amount),
    ):
        part = min(amount, has)
        amount -= part
        lines.append((account, merchant, part))
    payment.pending -= lines[0][2]
    payment.reserve -= lines[2][2]
    set_alarm(books, key, payment)
    return lines


def sleep(books: Books, key: tuple[str, str], transaction: Transaction) -> None:
    """Nothing of a transaction waits any more."""
    books.drop_timer(transaction.due, TimerKind.TRANSACTION_DUE.index, key)
    transaction.due = 0
