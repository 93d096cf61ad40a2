"""Interest and residuals: what we owe for a balance, and what is left of a wallet.

Owns: AccrueInterest, PayInterest, SweepResidual.
Never: pays more than was accrued.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import WALLET_ACCOUNTS, Books, ThingKey, Wallet
from ops.auditor.credit import own
from ops.auditor.entries import post_fitting
from ops.auditor.fields import check_text
from ops.auditor.money import check_amount
from ops.auditor.status import UNDER_WAY, check_owed
from schemas.messages.commands import AccrueInterest, PayInterest, SweepResidual
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import Authority, RejectionReason

COMMANDS: Final = (AccrueInterest, PayInterest, SweepResidual)
Body = AccrueInterest | PayInterest | SweepResidual


def check_shape(policy: Policy, body: Body) -> None:
    """Refuse malformed fields."""
    if isinstance(body, SweepResidual):
        if body.authority not in (Authority.OPERATOR, Authority.COMPLIANCE):
            raise Refused(RejectionReason.MALFORMED_FIELD, "authority")
        return
    check_text(body.period)
    check_amount(policy, body.currency, body.amount, None)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out."""
    wallet = books.wallets[key[0]]
    if isinstance(body, SweepResidual):
        _sweep(books, key[0], wallet, body.currency)
    elif isinstance(body, AccrueInterest):
        _check_held(wallet, body.currency)
        lines = (("EXP.INT", "", body.amount), ("INT.PAY", "", -body.amount))
        post_fitting(books, body.currency, *lines)
        _add(books, (key[0], body.currency), body.amount)
    else:
        check_owed(wallet, body.currency)
        if body.amount > books.interest.get((key[0], body.currency), 0):
            raise Refused(RejectionReason.INSUFFICIENT_FUNDS)
        lines = (("INT.PAY", "", body.amount), ("W.AVL", key[0], -body.amount))
        post_fitting(books, body.currency, *lines)
        _add(books, (key[0], body.currency), -body.amount)
    books.touched.add(key[0])
    return ACCEPTED


def _add(books: Books, key: ThingKey, amount: int) -> None:
    books.interest[key] = books.interest.get(key, 0) + amount


def _check_held(wallet: Wallet, currency: str) -> None:
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)


def _sweep(books: Books, wallet_id: str, wallet: Wallet, currency: str) -> None:
    if wallet.debit_blocked or wallet.open_holds or _something_open(books, wallet_id):
        raise Refused(RejectionReason.INVALID_TRANSITION)
    _check_held(wallet, currency)
    left = own(books, wallet_id, currency)
    if left == 0:
        raise Refused(RejectionReason.INSUFFICIENT_FUNDS)
    post_fitting(books, currency, ("W.AVL", wallet_id, left), ("UNCLAIMED", "", -left))


def _something_open(books: Books, wallet_id: str) -> bool:
    owed = [
        minor
        for (account, owner, _), minor in books.balances.items()
        if owner == wallet_id and account in {*WALLET_ACCOUNTS, "RCV.CUST", "RCV.MERCH"}
        if account != "W.AVL"
    ]
    interest = [each for (owner, _), each in books.interest.items() if owner == wallet_id]
    under_way = [key for key, each in books.transactions.items() if each.state in UNDER_WAY]
    movements = [key for key in (*books.sagas, *books.reviews, *under_way) if key[0] == wallet_id]
    return any(owed) or any(interest) or bool(movements)
