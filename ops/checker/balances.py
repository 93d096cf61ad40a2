"""Check 8, stores: every balance is the sum of its postings, wherever it is kept.

Owns: the sum of the log per account, and its comparison with what a store holds.
Never: trusts a balance that a Decision states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, final

from ledger.facts import is_wallet_account
from ops.checker.report import Result
from ops.checker.rows import Placed
from ops.checker.steps import Step
from sinks.digests import HISTORY

Account = tuple[int, str, str, str]  # partition, code, owner, currency
Held = tuple[int, int | None]  # minor units, the owner's sequence if the store has one


@final
class Balances:
    """Every account of the ledger, added up from its postings."""

    def __init__(self, result: Result) -> None:
        self._result: Final = result
        self.accounts: Final[dict[Account, tuple[int, int]]] = {}

    def take(self, step: Step) -> None:
        """Add a Decision's postings; note the sequence of each owner."""
        partition = step.decision.partition
        for entry in step.decision.entries:
            for line in entry.postings:
                key = (partition, line.account, line.owner, line.currency)
                minor, sequence = self.accounts.get(key, (0, 0))
                self.accounts[key] = (minor + line.amount, sequence)
        for after in step.decision.balances:
            key = (partition, after.account, after.owner, after.currency)
            self.accounts[key] = (self.accounts.get(key, (0, 0))[0], after.owner_sequence)

    def compare(
        self, store: str, held: Iterable[tuple[Account, Held]], *, wallets_only: bool = False
    ) -> None:
        """Compare with every balance that a store holds, and name what it lacks."""
        seen: set[Account] = set()
        for key, (minor, sequence) in held:
            self._result.looked_at += 1
            seen.add(key)
            expected = self.accounts.get(key)
            if expected is None:
                self._result.add(store, f"{in_words(key)} is not in the log")
            elif minor != expected[0]:
                self._result.add(store, f"{in_words(key)} is {minor}, the log says {expected[0]}")
            elif sequence is not None and sequence != expected[1]:
                what = f"{in_words(key)} is of sequence {sequence}, the log's is {expected[1]}"
                self._result.add(store, what)
        for key in self.accounts.keys() - seen:
            if not wallets_only or is_wallet_account(key[1]):
                self._result.add(store, f"{in_words(key)} is missing")


@final
class Newest:
    """The newest balances that the rows of a history state, by account."""

    def __init__(self) -> None:
        self._held: Final[dict[Account, tuple[int, int]]] = {}

    def add(self, placed: Placed) -> None:
        """Take a row of the history; others hold no balances."""
        view, partition, sequence, row = placed
        if view != HISTORY:
            return
        lines: Any = row[-1]
        for account, currency, minor in lines or ():
            key = (partition, str(account), str(row[0]), str(currency))
            if sequence >= self._held.get(key, (0, 0))[1]:
                self._held[key] = (int(minor), sequence)

    def balances(self) -> Iterator[tuple[Account, Held]]:
        """Yield the newest balance of every account; a history keeps no wallet's sequence."""
        for key, (minor, _) in self._held.items():
            yield key, (minor, None)


def in_words(key: Account) -> str:
    """Return an account as people write it."""
    partition, account, owner, currency = key
    return f"{account}:{owner} {currency} of partition {partition}"
