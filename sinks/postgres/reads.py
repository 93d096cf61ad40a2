"""Reads of the journal: wallets, balances, entries, holds, transactions, and a command's outcome.

Owns: every question that others may ask this store.
Never: writes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, LiteralString

import psycopg
from psycopg.rows import TupleRow

from ledger.text import bounded
from sinks.answers import (
    Answer,
    Balance,
    Entry,
    Hold,
    Line,
    OpenHold,
    Transaction,
    TransactionStep,
    Wallet,
)
from sinks.batch import Position
from sinks.errors import StoreAway
from sinks.postgres.connection import connect, store_errors
from sinks.postgres.rows import NEVER_EXPIRES, instant, micros_of

__all__ = [
    "Answer",
    "Balance",
    "Entry",
    "Hold",
    "Line",
    "OpenHold",
    "Position",
    "PostgresReads",
    "StoreAway",
    "Transaction",
    "TransactionStep",
    "Wallet",
]

ROWS_MAX: Final = 1_000

BALANCES: Final = """
    SELECT partition, account, owner, currency, minor, owner_sequence FROM wallet_balance
    WHERE owner = %s AND (account LIKE 'W.%%' OR account LIKE 'M.%%' OR account = 'PTS.MEMBER')
    ORDER BY account, currency
"""
WALLET: Final = """
    SELECT wallet_id, partition, kind, tier, status, debit_blocked, credit_blocked, opened_at
    FROM wallet WHERE wallet_id = %s
"""
OUTCOME_COLUMNS: Final = """
    SELECT partition, sequence, decided_at, source, source_offset, wallet_id, command_id, outcome,
           reason, detail, stage, duplicate_of FROM outcome
"""
OUTCOMES_OF_COMMAND: Final = (
    OUTCOME_COLUMNS
    + "WHERE command_id = %s AND (%s::text IS NULL OR wallet_id = %s)"
    + " ORDER BY decided_at, partition, sequence LIMIT %s"
)
HISTORY: Final = (
    OUTCOME_COLUMNS + "WHERE wallet_id = %s AND sequence < %s ORDER BY sequence DESC LIMIT %s"
)
# The newest entries that touched a wallet, each with all of its lines.
ENTRIES: Final = """
    WITH newest AS (
        SELECT DISTINCT partition, sequence, entry FROM posting
        WHERE owner = %s AND sequence < %s
              AND (account LIKE 'W.%%' OR account LIKE 'M.%%' OR account = 'PTS.MEMBER')
        ORDER BY sequence DESC, entry DESC LIMIT %s
    )
    SELECT e.partition, e.sequence, e.entry, e.flow, e.decided_at,
           p.account, p.owner, p.currency, p.amount
    FROM newest JOIN journal_entry e USING (partition, sequence, entry)
                JOIN posting p USING (partition, sequence, entry)
    ORDER BY e.sequence DESC, e.entry DESC, p.posting
"""
HOLDS: Final = """
    SELECT wallet_id, hold_id, to_wallet_id, currency, authorized, captured, released, status,
           expires_at
    FROM hold_now WHERE wallet_id = %s ORDER BY sequence DESC LIMIT %s
"""
OPEN_HOLDS: Final = """
    SELECT wallet_id, hold_id, to_wallet_id, currency, remaining, placed_at, expires_at,
           bucket, overdue
    FROM aged_holds(%s) ORDER BY expires_at NULLS LAST, wallet_id, hold_id LIMIT %s
"""
TRANSACTION_COLUMNS: Final = """
    SELECT partition, wallet_id, transaction_id, kind, state, currency, amount, fee, done,
        refunded, fee_refunded, reserve, disputed, other_currency, other_amount,
        maker, counterparty, rail, reference,
        coalesce((extract(epoch FROM due_at) * 1000000)::bigint, 0)
            * CASE WHEN due_sleeps THEN -1 ELSE 1 END,
        opened_sequence, (extract(epoch FROM opened_at) * 1000000)::bigint,
        changed_sequence, (extract(epoch FROM changed_at) * 1000000)::bigint
    FROM wallet_transaction
"""
TRANSACTIONS: Final = (
    TRANSACTION_COLUMNS
    + "WHERE wallet_id = %s AND changed_sequence < %s"
    + ' ORDER BY changed_sequence DESC, transaction_id COLLATE "C" LIMIT %s'
)
TRANSACTIONS_BY_REFERENCE: Final = (
    TRANSACTION_COLUMNS
    + "WHERE reference = %s AND reference <> '' ORDER BY wallet_id, transaction_id LIMIT %s"
)
TRANSACTIONS_IN: Final = (
    TRANSACTION_COLUMNS
    + "WHERE kind = %s AND state = %s AND changed_at < %s"
    + " ORDER BY changed_at, wallet_id, transaction_id LIMIT %s"
)
STEP_COLUMNS: Final = """
    SELECT partition, sequence, step, wallet_id, transaction_id, kind, before, state, reason, actor,
           (extract(epoch FROM decided_at) * 1000000)::bigint
    FROM transaction_step
"""
STEPS_OF_TRANSACTION: Final = (
    STEP_COLUMNS + "WHERE wallet_id = %s AND transaction_id = %s ORDER BY sequence, step LIMIT %s"
)
TRIAL_BALANCE: Final = """
    SELECT partition, currency, sum(minor)::bigint FROM wallet_balance
    GROUP BY partition, currency ORDER BY partition, currency
"""
POSITIONS: Final = """
    SELECT partition, next_offset, sequence, chain, topic_id FROM sink_offset ORDER BY partition
"""
POSITION: Final = """
    SELECT next_offset, sequence, chain, topic_id FROM sink_offset WHERE partition = %s
"""
NEWEST: Final = 2**63 - 1


class PostgresReads:
    """Answers from the journal; one connection, opened when first asked."""

    def __init__(self, dsn: str) -> None:
        self._dsn: Final = dsn
        self._connection: psycopg.Connection | None = None

    def balances(self, wallet_id: str) -> tuple[Balance, ...]:
        """Return the wallet's accounts."""
        return tuple(Balance(*row) for row in self._ask(BALANCES, wallet_id))

    def wallet(self, wallet_id: str) -> Wallet | None:
        """Return the wallet's standing, or None when it was never opened."""
        for *fields, opened_at in self._ask(WALLET, wallet_id):
            return Wallet(*(*fields, micros_of(opened_at)))
        return None

    def outcomes(self, command_id: str, wallet_id: str | None = None) -> tuple[Answer, ...]:
        """Return every Decision about a command, the first answer first."""
        rows = self._ask(OUTCOMES_OF_COMMAND, command_id, wallet_id, wallet_id, ROWS_MAX)
        return tuple(map(_answer, rows))

    def history(self, wallet_id: str, limit: int = 50, before: int = NEWEST) -> tuple[Answer, ...]:
        """Return the newest Decisions addressed to a wallet, below a sequence."""
        return tuple(map(_answer, self._ask(HISTORY, wallet_id, before, min(limit, ROWS_MAX))))

    def entries(self, wallet_id: str, limit: int = 50, before: int = NEWEST) -> tuple[Entry, ...]:
        """Return the newest journal entries that touched a wallet, below a sequence."""
        found: dict[TupleRow, list[Line]] = {}
        for row in self._ask(ENTRIES, wallet_id, before, min(limit, ROWS_MAX)):
            found.setdefault(row[:5], []).append(Line(*row[5:]))
        return tuple(_entry(head, lines) for head, lines in found.items())

    def holds(self, wallet_id: str, limit: int = 50) -> tuple[Hold, ...]:
        """Return the newest holds of a wallet."""
        found = self._ask(HOLDS, wallet_id, min(limit, ROWS_MAX))
        return tuple(Hold(*(*fields, _until(expires))) for *fields, expires in found)

    def open_holds(self, at_us: int, limit: int = 50) -> tuple[OpenHold, ...]:
        """Return the holds of all wallets that reserve something, the next to expire first."""
        rows = self._ask(OPEN_HOLDS, instant(at_us), min(limit, ROWS_MAX))
        return tuple(
            OpenHold(*(*fields, micros_of(placed), _until(expires), bucket, overdue))
            for *fields, placed, expires, bucket, overdue in rows
        )

    def transactions(
        self, wallet_id: str, limit: int = 50, before: int = NEWEST
    ) -> tuple[Transaction, ...]:
        """Return a wallet's transactions that changed last, below a sequence."""
        rows = self._ask(TRANSACTIONS, wallet_id, before, min(limit, ROWS_MAX))
        return tuple(Transaction(*row) for row in rows)

    def transactions_by_reference(self, reference: str, limit: int = 50) -> tuple[Transaction, ...]:
        """Return the transactions that carry a reference of a rail, bank or merchant."""
        rows = self._ask(TRANSACTIONS_BY_REFERENCE, bounded(reference), min(limit, ROWS_MAX))
        return tuple(Transaction(*row) for row in rows)

    def transactions_in(
        self, kind: str, state: str, before_us: int, limit: int = 50
    ) -> tuple[Transaction, ...]:
        """Return what has stood in a state since before a time, the longest first."""
        rows = self._ask(TRANSACTIONS_IN, kind, state, instant(before_us), min(limit, ROWS_MAX))
        return tuple(Transaction(*row) for row in rows)

    def transaction_steps(
        self, wallet_id: str, transaction_id: str, limit: int = ROWS_MAX
    ) -> tuple[TransactionStep, ...]:
        """Return the steps a transaction went, the first ones first."""
        rows = self._ask(STEPS_OF_TRANSACTION, wallet_id, transaction_id, min(limit, ROWS_MAX))
        return tuple(TransactionStep(*row) for row in rows)

    def trial_balance(self) -> dict[tuple[int, str], int]:
        """Return the sum of all balances by partition and currency; each must be zero."""
        rows = self._ask(TRIAL_BALANCE)
        return {(partition, currency): minor for partition, currency, minor in rows}

    def positions(self) -> dict[int, Position]:
        """Return where the store stands, by partition."""
        return {partition: Position(*rest) for partition, *rest in self._ask(POSITIONS)}

    def position(self, partition: int) -> Position | None:
        """Return where the store stands in one partition; None before its first Decision."""
        return next((Position(*row) for row in self._ask(POSITION, partition)), None)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def _ask(self, statement: LiteralString, *parameters: object) -> list[TupleRow]:
        with store_errors():
            if self._connection is None or self._connection.closed:
                self._connection = connect(self._dsn, "ledger-reads")
            return self._connection.execute(statement, parameters).fetchall()


def _answer(row: TupleRow) -> Answer:
    at, reason, duplicate_of = micros_of(row[2]), row[8] or "", row[11] or 0
    return Answer(*(*row[:2], at, *row[3:8], reason, *row[9:11], duplicate_of))


def _until(expires: datetime | None) -> int:
    return NEVER_EXPIRES if expires is None else micros_of(expires)


def _entry(head: TupleRow, lines: list[Line]) -> Entry:
    return Entry(*(*head[:4], micros_of(head[4]), tuple(lines)))
