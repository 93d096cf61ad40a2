"""Withdrawals: requested, handed over, cancelled or brought back; and settlements of all kinds.

Owns: the checks of a withdrawal, and where its money and its fee are.
Never: the bank's own side.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Attempt, Books, ThingKey, Transaction
from ops.auditor.credit import check_available
from ops.auditor.fields import check_id, check_text
from ops.auditor.limits import check_log, check_out, consume, give_back
from ops.auditor.money import check_amount, fee
from ops.auditor.risk import action_of
from ops.auditor.spending import REFUSALS
from ops.auditor.status import check_debit
from ops.auditor.wish import Wish
from schemas.messages.commands import (
    CancelWithdrawal,
    ReturnWithdrawal,
    SettleTransaction,
    SubmitWithdrawal,
    Withdraw,
)
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeFlow,
    OutflowFamily,
    RejectionReason,
    RiskAction,
    TransactionKind,
    TransactionState,
)

Later = SubmitWithdrawal | CancelWithdrawal | ReturnWithdrawal
Body = Withdraw | SettleTransaction | Later
RAILS = ("ach", "sct", "pix", "upi")
WITH_RAIL = (
    TransactionKind.WITHDRAWAL,
    TransactionKind.MERCHANT_PAYOUT,
    TransactionKind.BILL_PAYMENT,
)
SETTLES = (
    *WITH_RAIL,
    TransactionKind.TOPUP_CARD,
    TransactionKind.TOPUP_BANK,
    TransactionKind.PAYMENT,
    TransactionKind.PAYMENT_AUTH,
    TransactionKind.REFUND,
    TransactionKind.ESCROW,
)


def check_shape(policy: Policy, body: Body) -> None:
    """Refuse malformed fields."""
    if isinstance(body, Withdraw):
        check_id(body.rail)
        check_id(body.beneficiary)
        check_amount(policy, body.currency, body.amount, FeeFlow.WITHDRAWAL)
        return
    check_id(body.transaction_id)
    if isinstance(body, (SubmitWithdrawal, SettleTransaction)):
        check_text(body.ext_ref)
    elif isinstance(body, ReturnWithdrawal):
        check_text(body.reason_code)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Carry one out."""
    if isinstance(body, Withdraw):
        return _withdraw(books, key, body)
    about = (key[0], body.transaction_id)
    found = books.transactions.get(about)
    if found is None:
        raise Refused(RejectionReason.INVALID_TRANSITION, "transaction_id")
    if isinstance(body, SettleTransaction):
        _settle(found)
    elif found.kind is not TransactionKind.WITHDRAWAL:
        raise Refused(RejectionReason.INVALID_TRANSITION, "transaction_id")
    elif isinstance(body, SubmitWithdrawal):
        _submit(books, key[0], found, body)
    elif isinstance(body, CancelWithdrawal):
        _cancel(books, key[0], found)
    else:
        _come_back(books, key[0], found)
    books.touched.add(key[0])
    return ACCEPTED


def _withdraw(books: Books, key: ThingKey, body: Withdraw) -> Answer:
    wallet = books.wallets[key[0]]
    if key in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
    if body.rail not in RAILS:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    check_debit(wallet, body.currency)
    check_log(books, wallet)
    charge = fee(books.policy, FeeFlow.WITHDRAWAL, body.amount)
    total = body.amount + charge
    where = (body.beneficiary, body.currency, body.amount, total)
    wish = Wish(key[0], *where, OutflowFamily.WITHDRAWAL, body.rail)
    try:
        _check(books, wish)
    except Refused:
        wallet.attempts.append(Attempt(books.at, 0, 0))
        books.touched.add(key[0])
        raise
    books.transactions[key] = Transaction(
        TransactionKind.WITHDRAWAL,
        TransactionState.PENDING,
        body.currency,
        body.amount,
        charge,
        rail=body.rail,
        counterparty=body.beneficiary,
        consumed=consume(books, wish),
    )
    books.post(body.currency, ("W.AVL", key[0], total), ("W.POUT", key[0], -total))
    books.touched.add(key[0])
    return ACCEPTED


def _check(books: Books, wish: Wish) -> None:
    wallet = books.wallets[wish.wallet_id]
    known = wish.payee in wallet.payees
    if not known and len(wallet.payees) >= books.policy.max_payees:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "max_payees")
    check_out(books, wish)
    check_available(books, wish.wallet_id, wish.currency, wish.total)
    action = action_of(books, wish)
    if action is not RiskAction.ALLOW:
        raise Refused(REFUSALS[action])


def _settle(found: Transaction) -> None:
    ready = found.state is TransactionState.COMPLETED or (
        found.state is TransactionState.PROCESSING and found.kind in WITH_RAIL
    )
    if found.kind not in SETTLES or not ready:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    found.state = TransactionState.SETTLED


def _submit(books: Books, wallet_id: str, found: Transaction, body: SubmitWithdrawal) -> None:
    if found.state is not TransactionState.PENDING:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    reference = (f"payout:{found.rail}", body.ext_ref)
    if reference in books.references:
        raise Refused(RejectionReason.DUPLICATE_EXTERNAL_REF)
    if books.wallets[wallet_id].debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    handed_over = (
        ("RAIL.PAY", found.rail, -found.amount),
        ("REV.WD", "", -found.fee),
    )
    if not all(
        books.room(account, owner, found.currency, by) for account, owner, by in handed_over
    ):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    books.references.add(reference)
    found.state = TransactionState.PROCESSING
    books.post(found.currency, ("W.POUT", wallet_id, found.amount + found.fee), *handed_over)


def _cancel(books: Books, wallet_id: str, found: Transaction) -> None:
    if found.state is not TransactionState.PENDING:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    found.state = TransactionState.CANCELLED
    total = found.amount + found.fee
    books.post(found.currency, ("W.POUT", wallet_id, total), ("W.AVL", wallet_id, -total))
    _limits_back(books, wallet_id, found)


def _come_back(books: Books, wallet_id: str, found: Transaction) -> None:
    """The money is the customer's again; a closed wallet's goes to those nobody claims."""
    ends = {
        TransactionState.PROCESSING: TransactionState.FAILED,
        TransactionState.COMPLETED: TransactionState.REVERSED,
        TransactionState.SETTLED: TransactionState.REVERSED,
    }
    if found.state not in ends:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    charge = found.fee if books.policy.withdrawal_return_refunds_fee else 0
    total = found.amount + charge
    closed = books.wallets[wallet_id].closed
    goes_to = ("UNCLAIMED", "") if closed else ("W.AVL", wallet_id)
    changes = (
        ("RAIL.PAY", found.rail, found.amount),
        ("REV.WD", "", charge),
        (*goes_to, -total),
    )
    if not all(books.room(account, owner, found.currency, by) for account, owner, by in changes):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    found.state = ends[found.state]
    if closed:  # it passes through the wallet, whose account is named by the Decision
        books.post(found.currency, ("W.AVL", wallet_id, -total), ("W.AVL", wallet_id, total))
    books.post(found.currency, *changes)
    _limits_back(books, wallet_id, found)


def _limits_back(books: Books, wallet_id: str, found: Transaction) -> None:
    assert found.consumed is not None, "a withdrawal consumed its limits"
    give_back(books, wallet_id, found.consumed, found.consumed.base, whole=True)
