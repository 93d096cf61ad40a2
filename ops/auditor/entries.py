"""Entries: postings of families, checked for room before they are made.

Owns: the question whether an entry fits the 64 bits of what it touches.
Never: knows what an entry is for.
"""

from __future__ import annotations

from ops.auditor.answer import Refused
from ops.auditor.books import INT64_MAX, WALLET_ACCOUNTS, Books, Line
from ops.auditor.limits import stored
from schemas.messages.vocabulary import RejectionReason


def check_room(books: Books, currency: str, *lines: Line) -> None:
    """Refuse an entry that does not fit; of a wallet, all that it has in the currency must."""
    for account, owner, amount in lines:
        if account not in WALLET_ACCOUNTS:
            fits = amount == 0 or books.room(account, owner, currency, amount)
        else:
            added = -sum(each for name, who, each in lines if who == owner and _of_wallet(name))
            fits = stored(books, owner, currency) + added <= INT64_MAX
        if not fits:
            raise Refused(RejectionReason.AMOUNT_OVERFLOW)


def post_fitting(books: Books, currency: str, *lines: Line) -> None:
    """Make an entry, or refuse it for want of room."""
    check_room(books, currency, *lines)
    books.post(currency, *lines)


def _of_wallet(account: str) -> bool:
    return account in WALLET_ACCOUNTS
