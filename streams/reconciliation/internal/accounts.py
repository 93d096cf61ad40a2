"""Accounts: every balance as Decisions state it, and the sum of each class.

Owns: both tables.
Never: adds postings: RI02 holds what moved against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.view import AccountKey
from schemas.messages.journal import BalanceAfter
from schemas.messages.recon import ClassSum
from schemas.messages.rows import AccountRow
from streams.reconciliation.internal.facts_tables import Books
from streams.reconciliation.internal.sums import wrapped

CLASSES_MAX: Final = 10_000  # classes by currencies: 70 by some, so all of them


@final
class Accounts:
    """The balances of one partition."""

    def __init__(self, books: Books) -> None:
        self._books: Final = books

    def take(self, balances: Sequence[BalanceAfter]) -> dict[AccountKey, int]:
        """Set the balances as stated; return by how much each account moved."""
        moved: dict[AccountKey, int] = {}
        classes: dict[tuple[str, str], int] = {}
        for each in balances:
            key = each.account, each.owner, each.currency
            delta = each.minor - self.balance(key)
            if delta != 0:
                self._books.accounts.put(key, AccountRow(each.minor))
                moved[key] = delta
                kind = each.account, each.currency
                classes[kind] = classes.get(kind, 0) + delta
        for kind, delta in classes.items():
            row = self._books.sums.get(kind)
            total = delta + (0 if row is None else row.minor)
            self._books.sums.put(kind, AccountRow(wrapped(total)))
        return moved

    def balance(self, key: AccountKey) -> int:
        """Return a balance as last stated."""
        row = self._books.accounts.get(key)
        return 0 if row is None else row.minor

    def sums(self) -> tuple[ClassSum, ...]:
        """Return the sum of every class and currency."""
        rows = self._books.sums.first(CLASSES_MAX)
        return tuple([ClassSum(*kind, row.minor) for kind, row in rows])
