"""Fakes: stores in memory, for tests of this door and of its callers; the ledger's is the SDK's.

Owns: stores that hold rows.
Never: a rule.
"""

from __future__ import annotations

from typing import Final

from sinks.cassandra.reads import HistoryLine
from sinks.postgres.reads import (
    Answer,
    Balance,
    Entry,
    Hold,
    Position,
    StoreAway,
    Transaction,
    TransactionStep,
    Wallet,
)


class FakeReads:
    """Rows in memory; satisfies what is asked of every store."""

    def __init__(self) -> None:
        self.away = False
        self.sequence = 0
        self.found: Final[dict[str, tuple[Balance, ...]]] = {}
        self.wallets: Final[dict[str, Wallet]] = {}
        self.answers: Final[list[Answer]] = []
        self.written: Final[list[Entry]] = []
        self.held: Final[list[Hold]] = []
        self.moved: Final[list[Transaction]] = []
        self.gone: Final[list[TransactionStep]] = []
        self.asked = 0

    def position(self, partition: int) -> Position | None:
        """Return where it stands."""
        self._here()
        return Position(self.sequence, self.sequence, bytes(32), "") if partition == 0 else None

    def balances(self, wallet_id: str) -> tuple[Balance, ...]:
        """Return a wallet's accounts."""
        self._here()
        return self.found.get(wallet_id, ())

    def wallet(self, wallet_id: str) -> Wallet | None:
        """Return a wallet's standing."""
        self._here()
        return self.wallets.get(wallet_id)

    def outcomes(self, command_id: str, wallet_id: str | None = None) -> tuple[Answer, ...]:
        """Return every Decision about a command."""
        self._here()
        return tuple(
            each
            for each in self.answers
            if (each.wallet_id, each.command_id) == (wallet_id, command_id)
        )

    def history(self, wallet_id: str, limit: int = 50, before: int = 2**63) -> tuple[Answer, ...]:
        """Return the newest Decisions addressed to a wallet."""
        self._here()
        own = [each for each in self.answers if each.wallet_id == wallet_id]
        return tuple([each for each in reversed(own) if each.sequence < before][:limit])

    def entries(self, wallet_id: str, limit: int = 50, before: int = 2**63) -> tuple[Entry, ...]:
        """Return the newest journal entries of a wallet."""
        self._here()
        own = [each for each in self.written if any(wallet_id == x.owner for x in each.lines)]
        return tuple([each for each in reversed(own) if each.sequence < before][:limit])

    def holds(self, wallet_id: str, limit: int = 50) -> tuple[Hold, ...]:
        """Return the newest holds of a wallet."""
        self._here()
        return tuple([each for each in self.held if each.wallet_id == wallet_id][:limit])

    def transactions(
        self, wallet_id: str, limit: int = 50, before: int = 2**63
    ) -> tuple[Transaction, ...]:
        """Return the transactions that changed last."""
        self._here()
        own = [each for each in self.moved if each.wallet_id == wallet_id]
        return tuple([each for each in own if each.changed_sequence < before][:limit])

    def transaction_steps(
        self, wallet_id: str, transaction_id: str, limit: int = 1_000
    ) -> tuple[TransactionStep, ...]:
        """Return the steps of a transaction."""
        self._here()
        asked = (wallet_id, transaction_id)
        return tuple(
            [each for each in self.gone if (each.wallet_id, each.transaction_id) == asked][:limit]
        )

    def close(self) -> None:
        """Nothing is open."""

    def _here(self) -> None:
        self.asked += 1
        if self.away:
            raise StoreAway("nobody is there")


class FakeHistory:
    """The history, whose rows are others than the journal's."""

    def __init__(self) -> None:
        self.away = False
        self.sequence = 0
        self.lines: Final[list[HistoryLine]] = []

    def position(self, partition: int) -> Position | None:
        """Return where it stands."""
        return Position(self.sequence, self.sequence, bytes(32), "") if partition == 0 else None

    def history(
        self, wallet_id: str, limit: int = 50, before: int = 2**63
    ) -> tuple[HistoryLine, ...]:
        """Return the newest rows of a wallet below a sequence."""
        if self.away:
            raise StoreAway("nobody is there")
        own = [each for each in self.lines if each.wallet_id == wallet_id]
        return tuple([each for each in reversed(own) if each.sequence < before][:limit])

    def close(self) -> None:
        """Nothing is open."""
