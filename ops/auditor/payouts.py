"""Payouts: a merchant's payable money leaves by a rail, or comes back.

Owns: FreezePayout, SubmitPayout, CancelPayout, ReturnPayout.
Never: settles.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.attempts import check_new
from ops.auditor.books import Books, ThingKey, Transaction
from ops.auditor.fields import check_id, check_text
from ops.auditor.money import fee, rates
from ops.auditor.status import check_payout
from schemas.messages.commands import CancelPayout, FreezePayout, ReturnPayout, SubmitPayout
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    TransactionKind,
    TransactionState,
    WalletKind,
)

Body = FreezePayout | SubmitPayout | CancelPayout | ReturnPayout
RAILS = ("ach", "sct", "pix", "upi")
LEFT = (TransactionState.PROCESSING, TransactionState.COMPLETED, TransactionState.SETTLED)


def check_shape(policy: Policy, body: Body) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, FreezePayout):
        if body.currency not in rates(policy):
            raise Refused(RejectionReason.UNKNOWN_CURRENCY, body.currency)
        return
    check_id(body.transaction_id)
    if isinstance(body, SubmitPayout):
        check_id(body.rail)
        check_text(body.ext_ref)
    elif isinstance(body, ReturnPayout):
        check_text(body.reason_code)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command."""
    if isinstance(body, FreezePayout):
        _freeze(books, key, body)
    else:
        payout = books.transactions.get((key[0], body.transaction_id))
        if payout is None or payout.kind is not TransactionKind.MERCHANT_PAYOUT:
            raise Refused(RejectionReason.INVALID_TRANSITION)
        if isinstance(body, ReturnPayout):
            _bring_back(books, key[0], payout)
        elif payout.state is not TransactionState.PENDING:
            raise Refused(RejectionReason.INVALID_TRANSITION)
        elif isinstance(body, SubmitPayout):
            _submit(books, key[0], payout, body)
        else:
            payout.state = TransactionState.CANCELLED
            lines = (("M.OUT", key[0], payout.amount), ("M.PAY", key[0], -payout.amount))
            books.post(payout.currency, *lines)
    books.touched.add(key[0])
    return ACCEPTED


def _freeze(books: Books, key: ThingKey, body: FreezePayout) -> None:
    wallet = books.wallets[key[0]]
    if wallet.kind is not WalletKind.MERCHANT:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_new(books, key)
    check_payout(wallet, body.currency)
    amount = -books.balance("M.PAY", key[0], body.currency)
    if amount == 0:
        raise Refused(RejectionReason.INSUFFICIENT_FUNDS)
    books.transactions[key] = Transaction(
        TransactionKind.MERCHANT_PAYOUT, TransactionState.PENDING, body.currency, amount
    )
    books.post(body.currency, ("M.PAY", key[0], amount), ("M.OUT", key[0], -amount))


def _submit(books: Books, merchant: str, payout: Transaction, body: SubmitPayout) -> None:
    if body.rail not in RAILS:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    reference = (f"payout:{body.rail}", body.ext_ref)
    if reference in books.references:
        raise Refused(RejectionReason.DUPLICATE_EXTERNAL_REF)
    if books.wallets[merchant].debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    charge = fee(books.policy, FeeFlow.PAYOUT, payout.amount)
    if charge >= payout.amount:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    books.references.add(reference)
    payout.state = TransactionState.PROCESSING
    payout.fee, payout.rail = charge, body.rail
    books.post(
        payout.currency,
        ("M.OUT", merchant, payout.amount),
        ("RAIL.PAY", body.rail, charge - payout.amount),
        ("REV.PAYOUT", "", -charge),
    )


def _bring_back(books: Books, merchant: str, payout: Transaction) -> None:
    if payout.state not in LEFT:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    with_rail = payout.state is TransactionState.PROCESSING
    payout.state = TransactionState.FAILED if with_rail else TransactionState.REVERSED
    net = payout.amount - payout.fee
    there = ("UNCLAIMED", "") if books.wallets[merchant].closed else ("M.PAY", merchant)
    books.post(payout.currency, ("RAIL.PAY", payout.rail, net), (*there, -net))
