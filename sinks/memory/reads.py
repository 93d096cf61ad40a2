"""Reads of the memory: the same answers as the stores give, for comparison.

Owns: nothing but the shape of answers.
Never: writes.
"""

from __future__ import annotations

from typing import Any, Final

from ledger.facts import is_wallet_account
from sinks.answers import (
    Answer,
    Balance,
    Entry,
    HistoryLine,
    Hold,
    Line,
    Transaction,
    TransactionStep,
    Wallet,
)
from sinks.batch import Position
from sinks.digests import ENTRIES, HISTORY, OUTCOMES, POSTINGS, TRANSACTION_STEPS
from sinks.memory.rows import WALLETS
from sinks.memory.sink import MemoryStore


class MemoryReads:
    """Answers from a memory store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store: Final = store

    def balances(self, wallet_id: str) -> tuple[Balance, ...]:
        """Return the wallet's accounts."""
        held: dict[Any, tuple[int, int]] = self._store.balances
        return tuple(
            Balance(*(*key, minor, sequence))
            for key, (minor, sequence) in sorted(held.items(), key=lambda item: item[0][1:])
            if key[2] == wallet_id and is_wallet_account(key[1])
        )

    def wallet(self, wallet_id: str) -> Wallet | None:
        """Return the wallet's standing, or None when it was never opened."""
        fields: dict[str, Any] | None = self._store.fields[WALLETS].get((wallet_id,))
        return None if fields is None else Wallet(wallet_id=wallet_id, **fields)

    def outcomes(self, command_id: str) -> tuple[Answer, ...]:
        """Return every Decision about a command, the first answer first."""
        found = [row for row in self._rows(OUTCOMES) if row[6] == command_id]
        return tuple(Answer(*row) for row in sorted(found, key=lambda row: (row[2], row[:2])))

    def entries(self, wallet_id: str) -> tuple[Entry, ...]:
        """Return the journal entries that touched a wallet, newest first."""
        found = []
        for head in self._rows(ENTRIES):
            postings = [row for row in self._rows(POSTINGS) if row[:3] == head[:3]]
            if any(row[5] == wallet_id and is_wallet_account(row[4]) for row in postings):
                found.append(Entry(*(*head, tuple(Line(*row[4:]) for row in postings))))
        return tuple(sorted(found, key=lambda each: (each.sequence, each.entry), reverse=True))

    def history(self, wallet_id: str) -> tuple[HistoryLine, ...]:
        """Return the history of a wallet, newest first."""
        rows = sorted((row for row in self._rows(HISTORY) if row[0] == wallet_id), key=_newest)
        return tuple(HistoryLine(*(*row[:13], tuple(row[13]), tuple(row[14]))) for row in rows)

    def holds(self, wallet_id: str) -> tuple[Hold, ...]:
        """Return the holds of a wallet, in no order that means anything."""
        return tuple(
            Hold(each.wallet_id, each.hold_id, *each[4:])
            for each in self._store.holds()
            if each.wallet_id == wallet_id
        )

    def transactions(self, wallet_id: str) -> tuple[Transaction, ...]:
        """Return the transactions of a wallet, what changed last first."""
        found = [each for each in self._store.transactions() if each.wallet_id == wallet_id]
        found.sort(key=lambda each: (-each.changed_sequence, each.transaction_id))
        return tuple(found)

    def transaction_steps(self, wallet_id: str, transaction_id: str) -> tuple[TransactionStep, ...]:
        """Return the steps a transaction went, the first ones first."""
        key = (wallet_id, transaction_id)
        found = [row for row in self._rows(TRANSACTION_STEPS) if row[3:5] == key]
        return tuple(TransactionStep(*row) for row in sorted(found))

    def positions(self) -> dict[int, Position]:
        """Return where the store stands, by partition."""
        return dict(self._store.positions)

    def _rows(self, table: str) -> list[Any]:
        return list(self._store.rows[table].values())


def _newest(row: tuple[Any, ...]) -> tuple[int, int, int]:
    return -row[1], -row[2], row[3]
