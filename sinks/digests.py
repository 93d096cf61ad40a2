"""Digests: one number that says whether a store holds exactly the rows of the log.

Owns: the multiset digest (count, and sum of SHA-256 of canonical rows modulo 2^256), the names of
the views, and the same digests made from the log alone.
Never: asks a store; each store's `digest.py` reads its rows back and adds them up here.

The order of rows does not matter, so stores are read in whatever order is cheap. A row that is
missing, extra, repeated or changed changes count or sum.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ledger.facts import (
    BalanceKey,
    HoldKey,
    TransactionKey,
    balance_facts,
    entries_of,
    fold_balances,
    outcome_of,
    postings_of,
    transaction_steps_of,
)
from ledger.history import history_of
from schemas.messages.decisions import Decision
from sinks.answers import Transaction
from sinks.current import HoldFact, fold_holds, fold_transactions

OUTCOMES: Final = "outcomes"
ENTRIES: Final = "entries"
POSTINGS: Final = "postings"
BALANCES: Final = "balances"
HISTORY: Final = "history"
HOLDS: Final = "holds"
TRANSACTIONS: Final = "transactions"
TRANSACTION_STEPS: Final = "transaction steps"

MODULUS: Final = 2**256


@dataclass(frozen=True, slots=True)
class Digest:
    """A multiset of rows, boiled down."""

    count: int = 0
    total: int = 0

    @property
    def text(self) -> str:
        """Return it for a person or a file."""
        return f"{self.count}:{self.total:064x}"


class DigestSum:
    """Adds rows up."""

    def __init__(self) -> None:
        self._count = 0
        self._total = 0

    def add(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Add canonical rows: tuples of text, numbers and lists of these."""
        for row in rows:
            text = json.dumps(row, separators=(",", ":"))
            self._total += int.from_bytes(sha256(text.encode()).digest(), "big")
            self._count += 1

    def result(self) -> Digest:
        """Return the digest of what was added."""
        return Digest(self._count, self._total % MODULUS)


Digests = Mapping[str, Digest]  # by view
APPENDED: Final = (OUTCOMES, ENTRIES, POSTINGS, TRANSACTION_STEPS, HISTORY)


class LogDigests:
    """The digests of every view of one partition, from its Decisions in log order."""

    def __init__(self, partition: int) -> None:
        self.partition: Final = partition
        self._sums = {view: DigestSum() for view in APPENDED}
        self._balances: dict[BalanceKey, tuple[int, int]] = {}
        self._holds: dict[HoldKey, HoldFact] = {}
        self._transactions: dict[TransactionKey, Transaction] = {}

    def add(self, decisions: Sequence[Decision]) -> None:
        """Add the next Decisions."""
        sums = self._sums
        for decision in decisions:
            sums[OUTCOMES].add((outcome_of(decision),))
            sums[ENTRIES].add(entries_of(decision))
            sums[POSTINGS].add(postings_of(decision))
            sums[TRANSACTION_STEPS].add(transaction_steps_of(decision))
            sums[HISTORY].add(history_of(decision))
        fold_balances(decisions, self._balances)
        fold_holds(decisions, self._holds)
        fold_transactions(decisions, self._transactions)

    def result(self) -> Digests:
        """Return the digests of what was added so far."""
        found = {view: total.result() for view, total in self._sums.items()}
        found[BALANCES] = digest_of(balance_facts(self.partition, self._balances))
        found[HOLDS] = digest_of(self._holds.values())
        found[TRANSACTIONS] = digest_of(self._transactions.values())
        return found


def digest_of(rows: Iterable[tuple[object, ...]]) -> Digest:
    """Return the digest of some rows."""
    total = DigestSum()
    total.add(rows)
    return total.result()


def differences(log: Digests, store: Digests) -> list[str]:
    """Name the views in which a store differs from the log; a store has some of the views."""
    return [
        f"{view}: log {log[view].text}, store {found.text}"
        for view, found in store.items()
        if log[view] != found
    ]
