"""Digest of the journal: what PostgreSQL really holds, boiled down per partition.

Owns: reading every row back as the canonical rows of `ledger.facts`.
Never: repairs anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, LiteralString

import psycopg
from psycopg.rows import TupleRow

from sinks.digests import (
    BALANCES,
    ENTRIES,
    HOLDS,
    OUTCOMES,
    POSTINGS,
    TRANSACTION_STEPS,
    TRANSACTIONS,
    Digest,
    digest_of,
)
from sinks.postgres.connection import connect, store_errors
from sinks.postgres.reads import STEP_COLUMNS, TRANSACTION_COLUMNS

ROWS_PER_FETCH: Final = 5_000
# Text stays text and numbers stay numbers, so that a row is the canonical row without a conversion.
VIEWS: Final[dict[str, LiteralString]] = {
    OUTCOMES: """
        SELECT partition, sequence, (extract(epoch FROM decided_at) * 1000000)::bigint,
               source, source_offset, wallet_id, command_id, outcome, coalesce(reason, ''),
               detail, stage, coalesce(duplicate_of, 0)
        FROM outcome WHERE partition = %s
    """,
    ENTRIES: """
        SELECT partition, sequence, entry, flow, (extract(epoch FROM decided_at) * 1000000)::bigint
        FROM journal_entry WHERE partition = %s
    """,
    POSTINGS: """
        SELECT partition, sequence, entry, posting, account, owner, currency, amount
        FROM posting WHERE partition = %s
    """,
    BALANCES: """
        SELECT partition, account, owner, currency, minor, owner_sequence
        FROM wallet_balance WHERE partition = %s
    """,
    TRANSACTION_STEPS: STEP_COLUMNS + "WHERE partition = %s",
    TRANSACTIONS: TRANSACTION_COLUMNS + "WHERE partition = %s",
    HOLDS: """
        SELECT partition, wallet_id, hold_id, sequence, to_wallet_id, currency,
               authorized, captured, released, status,
               coalesce((extract(epoch FROM expires_at) * 1000000)::bigint, 0)
        FROM hold_now WHERE partition = %s
    """,
}


def digest(dsn: str, partition: int) -> dict[str, Digest]:
    """Return the digest of every view of one partition, all of one moment."""
    with store_errors(), connect(dsn, "ledger-digest") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            return {
                view: digest_of(_rows(connection, statement, partition))
                for view, statement in VIEWS.items()
            }


def _rows(
    connection: psycopg.Connection, statement: LiteralString, partition: int
) -> Iterator[TupleRow]:
    with connection.cursor(name="digest", binary=True) as cursor:
        cursor.itersize = ROWS_PER_FETCH
        yield from cursor.execute(statement, (partition,))
