"""Ranges: the appended rows of some sequences as PostgreSQL really holds them.

Owns: the five tables to which rows are only added: their keys, how each is read back as canonical
rows, how a row is put in.
Never: changes a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from ledger.tally import Rows
from sinks.digests import ENTRIES, OUTCOMES, POSTINGS, TRANSACTION_STEPS
from sinks.postgres import statements
from sinks.postgres.digest import VIEWS

HOLD_STEPS: Final = """
    SELECT partition, sequence, step, wallet_id, hold_id, authorized, captured, released
    FROM hold_step WHERE partition = %s
"""
BETWEEN: Final = " AND sequence BETWEEN %s AND %s"
AMONG: Final = " AND sequence = ANY(%s)"
LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1
SEQUENCE: Final = 1  # where it stands in every row

Key = tuple[Any, ...]
Found = dict[Key, TupleRow]  # rows of one table by their keys


@dataclass(frozen=True, slots=True)
class Table:
    """An appended table."""

    name: str
    key: tuple[str, ...]
    read: LiteralString
    put: tuple[LiteralString, str]  # of a COPY
    said: str  # its rows in `Rows`; in `JournalRows` too

    @property
    def remove(self) -> Composed:
        """Return the statement that removes the row of a key."""
        where = SQL(" AND ").join([SQL("{} = %s").format(Identifier(each)) for each in self.key])
        return SQL("DELETE FROM {} WHERE {}").format(Identifier(self.name), where)


_STEP: Final = ("partition", "sequence", "step")
TABLES: Final = (
    Table("outcome", _STEP[:2], VIEWS[OUTCOMES], statements.COPY_OUTCOMES, "outcomes"),
    Table(
        "journal_entry",
        ("partition", "sequence", "entry"),
        VIEWS[ENTRIES],
        statements.COPY_ENTRIES,
        "entries",
    ),
    Table(
        "posting",
        ("partition", "sequence", "entry", "posting"),
        VIEWS[POSTINGS],
        statements.COPY_POSTINGS,
        "postings",
    ),
    Table("hold_step", _STEP, HOLD_STEPS, statements.COPY_HOLD_STEPS, "hold_steps"),
    Table(
        "transaction_step",
        _STEP,
        VIEWS[TRANSACTION_STEPS],
        statements.COPY_TRANSACTION_STEPS,
        "transaction_steps",
    ),
)


def read_rows(
    connection: psycopg.Connection, partition: int, first: int, last: int
) -> dict[int, Rows]:
    """Return the rows of all tables by sequence."""
    return _read(connection, BETWEEN, (partition, first, last))


def read_some(
    connection: psycopg.Connection, partition: int, sequences: Iterable[int]
) -> dict[int, Rows]:
    """Return the rows of all tables, of these sequences only."""
    return _read(connection, AMONG, (partition, list(sequences)))


def _read(
    connection: psycopg.Connection, among: LiteralString, parameters: Sequence[object]
) -> dict[int, Rows]:
    found: dict[int, Rows] = defaultdict(Rows)
    with connection.cursor(binary=True) as cursor:
        for table in TABLES:
            for row in cursor.execute(table.read + among, parameters):
                rows: list[TupleRow] = getattr(found[row[SEQUENCE]], table.said)
                rows.append(row)
    return found


def by_key(table: Table, rows: Iterable[Any]) -> Found:
    """Return the rows of a table by their keys."""
    return {tuple(row[: len(table.key)]): row for row in rows}
