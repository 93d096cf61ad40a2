"""Adjustments: proposed by one, approved by another, posted then.

Owns: the four ways an adjustment ends, and its entry.
Never: lets anybody check himself.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.books import Adjustment, Books, Line, ThingKey, Transaction, Wallet
from ops.auditor.endings import end_movement
from ops.auditor.entries import post_fitting
from ops.auditor.fields import check_id, check_text
from ops.auditor.money import base, check_amount
from schemas.messages.commands import ApproveAdjustment, ProposeAdjustment, RejectAdjustment
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    Outcome,
    RejectionReason,
    TimerKind,
    TransactionKind,
    TransactionState,
)

COMMANDS: Final = (ProposeAdjustment, ApproveAdjustment, RejectAdjustment)
REVENUES: Final = "TOPUP P2P WD MDR ESC BILL DSP PAYOUT FX FXGAIN BREAKAGE"
EXPENSES: Final = "RAIL CASHBACK LOYALTY INT CHB FRAUD WRITEOFF GOODWILL ROUND FXLOSS"
ACCOUNTS: Final = (
    *(f"REV.{each}" for each in REVENUES.split()),
    *(f"EXP.{each}" for each in EXPENSES.split()),
    *("SUSP", "RCV.CUST", "W.LIEN"),
)
TO_WALLET: Final = AdjustmentDirection.CREDIT_WALLET
SECOND_US: Final = 1_000_000
Body = ProposeAdjustment | ApproveAdjustment | RejectAdjustment


def check_shape(policy: Policy, body: Body) -> None:
    """Refuse malformed fields."""
    if not isinstance(body, ProposeAdjustment):
        check_id(body.adjustment_id)
        check_id(body.checker)
        return
    check_text(body.reason)
    check_text(body.ticket)
    check_id(body.maker)
    if body.corrects is not None:
        check_id(body.corrects)
    elif (body.account == "W.LIEN" and body.direction is TO_WALLET) or (
        body.account == "EXP.WRITEOFF" and body.direction is not TO_WALLET
    ):
        raise Refused(RejectionReason.MALFORMED_FIELD, "corrects")
    check_amount(policy, body.currency, body.amount, None)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out."""
    books_wallet = books.wallets[key[0]]
    if isinstance(body, ProposeAdjustment):
        answer = _propose(books, key, body)
    elif isinstance(body, ApproveAdjustment):
        answer = _approve(books, (key[0], body.adjustment_id), books_wallet, body.checker)
    else:
        adjustment = _waiting(books, (key[0], body.adjustment_id))
        withdrawn = body.checker == adjustment.maker
        state = TransactionState.CANCELLED if withdrawn else TransactionState.FAILED
        answer = _end(books, (key[0], body.adjustment_id), state)
    books.touched.add(key[0])
    return answer


def expire(books: Books, key: ThingKey) -> None:
    """Nobody decided in time."""
    _end(books, key, TransactionState.EXPIRED)
    books.touched.add(key[0])


def _propose(books: Books, key: ThingKey, body: ProposeAdjustment) -> Answer:
    if body.account not in ACCOUNTS:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT, body.account)
    if key in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
    details = Adjustment(body.account, body.direction, body.corrects)
    _check_correction(books, key[0], details, body.currency, body.amount)
    wallet = books.wallets[key[0]]
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if body.currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)
    due = books.at + books.policy.adjustment_ttl_s * SECOND_US
    books.transactions[key] = Transaction(
        TransactionKind.ADJUSTMENT,
        TransactionState.PENDING,
        body.currency,
        body.amount,
        maker=body.maker,
        due=due,
    )
    books.adjustments[key] = details
    books.set_timer(due, TimerKind.TRANSACTION_DUE.index, key)
    return PENDING


def _waiting(books: Books, key: ThingKey) -> Transaction:
    found = books.transactions.get(key)
    if (
        found is None
        or found.kind is not TransactionKind.ADJUSTMENT
        or found.state is not TransactionState.PENDING
    ):
        raise Refused(RejectionReason.INVALID_TRANSITION)
    return found


def _check_correction(
    books: Books, wallet_id: str, details: Adjustment, currency: str, amount: int
) -> None:
    """A correction goes the other way than what it undoes, and no further."""
    if details.corrects is None:
        return
    key = (wallet_id, details.corrects)
    before, earlier = books.transactions.get(key), books.adjustments.get(key)
    good = (
        before is not None
        and earlier is not None
        and before.state is TransactionState.COMPLETED
        and before.currency == currency
        and earlier.account == details.account
        and earlier.direction is not details.direction
        and before.refunded + amount <= before.amount
    )
    if not good:
        raise Refused(RejectionReason.INVALID_TRANSITION, "corrects")


def _approve(books: Books, key: ThingKey, wallet: Wallet, checker: str) -> Answer:
    adjustment = _waiting(books, key)
    details = books.adjustments[key]
    if checker in (adjustment.maker, *details.checkers):
        raise Refused(RejectionReason.SELF_APPROVAL, "checker")
    currency, amount = adjustment.currency, adjustment.amount
    _check_correction(books, key[0], details, currency, amount)
    if details.account not in ("W.LIEN", "EXP.WRITEOFF"):
        if details.direction is TO_WALLET and wallet.credit_blocked:
            raise Refused(RejectionReason.CREDIT_BLOCKED)
        if details.direction is not TO_WALLET and wallet.debit_blocked:
            raise Refused(RejectionReason.DEBIT_BLOCKED)
    large = base(books.policy, currency, amount) >= books.policy.adjustment_two_checkers_minor
    if large and not details.checkers:
        details.checkers.append(checker)
        return ACCEPTED
    lines = _lines(key[0], details, amount)
    _check_funds(books, currency, lines)
    post_fitting(books, currency, *lines)
    details.checkers.append(checker)
    if details.corrects is not None:
        _undo(books.transactions[key[0], details.corrects], amount)
    return _end(books, key, TransactionState.COMPLETED)


def _lines(wallet_id: str, details: Adjustment, amount: int) -> tuple[Line, Line]:
    owners = {"W.LIEN": wallet_id, "RCV.CUST": wallet_id, "SUSP": "adjustment"}
    own = "RCV.CUST" if details.account == "EXP.WRITEOFF" else "W.AVL"
    minor = -amount if details.direction is TO_WALLET else amount
    return (
        (own, wallet_id, minor),
        (details.account, owners.get(details.account, ""), -minor),
    )


def _check_funds(books: Books, currency: str, lines: tuple[Line, ...]) -> None:
    """Money that is taken must be there, and so must a debt that is let off or paid."""
    for account, owner, amount in lines:
        after = books.balance(account, owner, currency) + amount
        spent = account.startswith("W.") and amount > 0 and after > 0
        overpaid = account == "RCV.CUST" and amount < 0 and after < 0
        if spent or overpaid:
            raise Refused(RejectionReason.INSUFFICIENT_FUNDS)


def _undo(before: Transaction, amount: int) -> None:
    before.refunded += amount
    if before.refunded == before.amount:
        before.state = TransactionState.REVERSED


def _end(books: Books, key: ThingKey, state: TransactionState) -> Answer:
    adjustment = books.transactions[key]
    books.drop_timer(adjustment.due, TimerKind.TRANSACTION_DUE.index, key)
    adjustment.state, adjustment.due = state, 0
    final = (
        ACCEPTED
        if state is TransactionState.COMPLETED
        else Answer(Outcome.REJECTED, RejectionReason.APPROVAL_REQUIRED, state.name)
    )
    end_movement(books, key, final)
    return ACCEPTED
