"""Attempts: what is asked before money leaves a wallet for anything but a transfer or a hold.

Owns: the log, bounds, limits, funds and the fraud decision of one attempt, and counting it.
Never: moves the money.
"""

from __future__ import annotations

from collections.abc import Callable

from ops.auditor.answer import Refused
from ops.auditor.books import Attempt, Books, Consumed, ThingKey, Wallet
from ops.auditor.credit import check_available
from ops.auditor.limits import check_log, check_out, consume
from ops.auditor.risk import action_of
from ops.auditor.wish import Wish
from schemas.messages.vocabulary import RejectionReason, RiskAction

NOT_ALLOWED = {
    RiskAction.STEP_UP: RejectionReason.STEP_UP_REQUIRED,
    RiskAction.REVIEW: RejectionReason.RISK_REVIEW,
    RiskAction.BLOCK: RejectionReason.RISK_BLOCKED,
}


def attempt(books: Books, wish: Wish, check: Callable[[], None] | None = None) -> Consumed:
    """Refuse and count the attempt, or take it of the limits; `check` comes before the fraud rules.

    The wallet's status allows debits.
    """
    wallet_id = wish.wallet_id
    wallet = books.wallets[wallet_id]
    check_log(books, wallet)
    books.touched.add(wallet_id)
    try:
        _check_payees(books, wallet, wish.payee)
        check_out(books, wish)
        check_available(books, wallet_id, wish.currency, wish.total)
        if check is not None:
            check()
        _check_action(action_of(books, wish))
    except Refused:
        wallet.attempts.append(Attempt(books.at, 0, 0))
        raise
    return consume(books, wish)


def _check_payees(books: Books, wallet: Wallet, payee: str) -> None:
    if payee not in wallet.payees and len(wallet.payees) >= books.policy.max_payees:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "max_payees")


def _check_action(action: RiskAction) -> None:
    if action is not RiskAction.ALLOW:
        raise Refused(NOT_ALLOWED[action])


def check_funds(books: Books, account: str, wallet_id: str, currency: str, needed: int) -> None:
    """Refuse what an account does not hold."""
    if -books.balance(account, wallet_id, currency) < needed:
        raise Refused(RejectionReason.INSUFFICIENT_FUNDS, currency)


def check_new(books: Books, key: ThingKey) -> None:
    """Refuse an id that names something."""
    if key in books.transactions or key in books.sagas or key in books.reviews:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
