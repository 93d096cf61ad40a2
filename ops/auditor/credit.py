"""Credit: how far a wallet's available balance may go below nothing.

Owns: the command that says so, and who may use it: attempts to pay and to reserve.
Never: looks back: a limit that is lowered leaves what is used as it is.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import INT64_MAX, WALLET_ACCOUNTS, Books, ThingKey
from ops.auditor.money import rates
from schemas.messages.commands import ChangeCreditLimit
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import RejectionReason


def check_shape(policy: Policy, body: ChangeCreditLimit) -> None:
    """Refuse what is no limit."""
    if body.currency not in rates(policy):
        raise Refused(RejectionReason.UNKNOWN_CURRENCY, body.currency)
    if body.limit < 0:
        raise Refused(RejectionReason.MALFORMED_FIELD, "limit")


def act(books: Books, key: ThingKey, body: ChangeCreditLimit) -> Answer:
    """Change the limit."""
    wallet = books.wallets[key[0]]
    if wallet.closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    if body.currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)
    wallet.credit[body.currency] = body.limit
    books.touched.add(key[0])
    return ACCEPTED


def available(books: Books, wallet_id: str, currency: str) -> int:
    """Return what may be spent, on credit too."""
    wallet = books.wallets.get(wallet_id)
    credit = 0 if wallet is None else wallet.credit.get(currency, 0)
    return credit - books.balance("W.AVL", wallet_id, currency)


def own(books: Books, wallet_id: str, currency: str) -> int:
    """Return what of it is the wallet's."""
    return max(0, -books.balance("W.AVL", wallet_id, currency))


def check_available(books: Books, wallet_id: str, currency: str, needed: int) -> None:
    """Refuse to spend what is not there; what is bought on credit must have room in the wallet."""
    if available(books, wallet_id, currency) < needed:
        raise Refused(RejectionReason.INSUFFICIENT_FUNDS, currency)
    has = {each: -books.balance(each, wallet_id, currency) for each in WALLET_ACCOUNTS}
    on_credit = has.pop("W.AVL") < needed
    if on_credit and sum(has.values()) + needed > INT64_MAX:
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
