"""PostgreSQL sink: one transaction per batch; rows and position move together or not at all.

Owns: the order of the writes, and one connection per partition.
Never: computes a row; `rows.py` does.

Exactly once by compare-and-advance: the transaction first moves the position from where this writer
believes it to be. When another writer was faster, no row matches, and nothing else is sent. An
unknown outcome of COMMIT needs no care: the same batch again either finds the position unmoved or
already moved.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, LiteralString

import psycopg

from sinks.batch import Batch, Position
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH, CrashPoint, never
from sinks.errors import StoreMoved
from sinks.postgres import statements
from sinks.postgres.connection import connect, store_errors
from sinks.postgres.rows import JournalRows, Row

CopyTarget = tuple[LiteralString, str]  # statement, binary types


class PostgresSink:
    """Writes batches; each partition has its own connection and is used from its own thread."""

    def __init__(self, dsn: str, crash: CrashPoint = never) -> None:
        self._dsn: Final = dsn
        self._crash: Final = crash
        self._connections: dict[int, psycopg.Connection] = {}

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        with store_errors():
            found = self._connection(partition).execute(statements.READ_POSITION, (partition,))
            row = found.fetchone()
        return None if row is None else Position(*row)

    def write(self, batch: Batch) -> None:
        """Move the position and add the rows, in one transaction."""
        rows = JournalRows(batch.decisions)
        with store_errors():
            connection = self._connection(batch.partition)
            with connection.transaction():
                with connection.cursor() as cursor:
                    _advance(cursor, batch)
                    self._append(cursor, rows)
                    _change(cursor, batch.partition, rows)
                self._crash(BEFORE_OFFSET)
            self._crash(AFTER_OFFSET)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def _connection(self, partition: int) -> psycopg.Connection:
        held = self._connections.get(partition)
        if held is None or held.closed or held.broken:
            held = connect(self._dsn, f"ledger-sink-{partition}")
            self._connections[partition] = held
        return held

    def _append(self, cursor: psycopg.Cursor, rows: JournalRows) -> None:
        for target, some in copies_of(rows):
            if target is statements.COPY_POSTINGS:
                self._crash(MID_BATCH)
            copy_rows(cursor, target, some)


def _advance(cursor: psycopg.Cursor, batch: Batch) -> None:
    before, after = batch.before, batch.after
    new = (after.next_offset, after.sequence, after.chain, after.topic_id, batch.partition)
    if before is None:
        cursor.execute(statements.FIRST_POSITION, new)
    else:
        expected = (before.next_offset, before.sequence)
        cursor.execute(statements.ADVANCE_POSITION, (*new, *expected))
    if cursor.rowcount != 1:
        raise StoreMoved(f"partition {batch.partition} of PostgreSQL has another position")


def copies_of(rows: JournalRows) -> tuple[tuple[CopyTarget, Collection[Row]], ...]:
    """Return what a batch adds, table by table."""
    return (
        (statements.COPY_OUTCOMES, rows.outcomes),
        (statements.COPY_ENTRIES, rows.entries),
        (statements.COPY_POSTINGS, rows.postings),
        (statements.COPY_HOLD_STEPS, rows.hold_steps),
        (statements.COPY_TRANSACTION_STEPS, rows.transaction_steps),
        (statements.COPY_HOLDS, rows.holds_placed.values()),
        (statements.COPY_WALLETS, rows.wallets_opened.values()),
    )


def copy_rows(cursor: psycopg.Cursor, target: CopyTarget, rows: Collection[Row]) -> None:
    """Add rows by binary COPY."""
    if not rows:
        return
    statement, types = target
    with cursor.copy(statement) as copy:
        copy.set_types(types.split())
        write = copy.write_row
        for row in rows:
            write(row)


def _change(cursor: psycopg.Cursor, partition: int, rows: JournalRows) -> None:
    if rows.hold_changes:
        wallets, holds = zip(*rows.hold_changes, strict=True)
        said = rows.hold_changes.values()
        cursor.execute(
            statements.CHANGE_HOLDS,
            [
                list(wallets),
                list(holds),
                [each.status for each in said],
                [each.extended for each in said],
                [each.expires_at for each in said],
            ],
        )
    if rows.wallet_changes:
        changes = rows.wallet_changes.values()
        cursor.execute(
            statements.CHANGE_WALLETS,
            [
                list(rows.wallet_changes),
                [each.tier for each in changes],
                [each.status for each in changes],
                [each.debit_blocked for each in changes],
                [each.credit_blocked for each in changes],
            ],
        )
    if rows.transactions:
        columns = [list(each) for each in zip(*rows.transactions.values(), strict=True)]
        cursor.execute(statements.PUT_TRANSACTIONS, [partition, *columns])
    if rows.balances:
        accounts, owners, currencies = zip(*rows.balances, strict=True)
        minors, sequences = zip(*rows.balances.values(), strict=True)
        columns = [list(each) for each in (accounts, owners, currencies, minors, sequences)]
        cursor.execute(statements.PUT_BALANCES, [partition, *columns])
