"""PostgreSQL audited: a bucket of the journal is read back, or made again from the log.

Owns: what of the tables belongs to a bucket: rows before the first one belong to it, rows beyond
where the store stands to the newest, so that no row is in none.
Never: touches a row of a sequence that the order does not cover; the sink goes on meanwhile,
because it only ever adds rows behind its position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, final

import psycopg

from ledger.sealing import LogError
from ledger.tally import Rows, Tally, bucket_of, digest_of_all, rows_of, sequences_of
from schemas.messages.decisions import Decision
from schemas.messages.recon import JournalHeld, JournalSum, RepairBegun, RepairEnded, RepairOrdered
from schemas.messages.vocabulary import Store
from sinks.audit.store import Held
from sinks.postgres.connection import connect, store_errors
from sinks.postgres.ranges import (
    HIGHEST,
    LOWEST,
    TABLES,
    Found,
    Key,
    Table,
    by_key,
    read_rows,
    read_some,
)
from sinks.postgres.rows import JournalRows
from sinks.postgres.sink import copy_rows
from sinks.postgres.statements import READ_POSITION

NAME: Final = "ledger-audit"
SHOWN: Final = 5  # rows that a repair names


@final
class PostgresAudited:
    """Satisfies `sinks.audit.store.Audited`; one connection, opened when it is needed."""

    store: Final = Store.POSTGRES

    def __init__(self, dsn: str) -> None:
        self._dsn: Final = dsn
        self._held: psycopg.Connection | None = None

    def sequence(self, partition: int) -> int:
        """Return the last sequence the store took; none before its sink made the tables."""
        try:
            with store_errors():
                return _stands_at(self._connection(), partition)
        except psycopg.errors.UndefinedTable:
            return 0

    def buckets(self, sequence: int) -> int:
        """Return how many buckets there are."""
        return bucket_of(sequence) + 1

    def tail(self, sequence: int) -> int:
        """Return the bucket that is being filled."""
        return bucket_of(sequence)

    def wants(self, order: RepairOrdered, decision: Decision) -> bool:
        """Say whether a Decision is of the bucket: the first group may begin before it."""
        return decision.sequence >= self.range(order)[0]

    def bucket(self, order: RepairOrdered) -> int:
        """Return the bucket that an order is about."""
        return int(order.bucket)

    def read(self, partition: int, bucket: int) -> Held | None:
        """Read a bucket back, all of one moment."""
        with store_errors(), self._connection().transaction():
            sequence = _stands_at(self._connection(), partition)
            if sequence < sequences_of(bucket)[0]:
                return None
            found = self._rows(partition, bucket, sequence)
        held = _sum(bucket, found)
        rows = held.outcomes + held.entries + held.postings
        return Held(
            JournalHeld(bucket, sequence, held), rows + held.hold_steps + held.transaction_steps
        )

    def range(self, order: RepairOrdered) -> tuple[int, int]:
        """Return the sequences that a repair needs from the log."""
        first, last = sequences_of(int(order.bucket))
        return first, min(last, order.watermark)

    def before(self, partition: int, order: RepairOrdered) -> RepairBegun:
        """Read what a bucket holds that is to be repaired."""
        with store_errors(), self._connection().transaction():
            held = self._covered(partition, order)
        return RepairBegun(order.break_id, order.attempt, _digest(held))

    def repair(
        self, partition: int, order: RepairOrdered, decisions: Sequence[Decision]
    ) -> RepairEnded:
        """Make a bucket what these Decisions say, in one transaction."""
        said = {each.sequence: _Sequence(rows_of(each)) for each in decisions}
        if _digest(said) != order.expected:
            raise LogError(f"the log read for {order.break_id} is not what the job followed")
        with store_errors(), self._connection().transaction():
            held = self._covered(partition, order)
            differ = _differing(held, said)
            wrong, right = _part(held, differ), _part(said, differ)
            new = JournalRows([each for each in decisions if each.sequence in differ])
            changed = [
                f"{table.name} {' '.join(map(str, key[1:]))} {what}"
                for table in TABLES
                for key, what in self._healed(table, wrong, right, new)
            ]
            again = read_some(self._connection(), partition, differ)
        more = ", ..." if len(changed) > SHOWN else ""
        return RepairEnded(
            order.break_id,
            order.attempt,
            _digest(held),
            _digest({**_part(held, held.keys() - differ), **_numbered(again)}),
            len(changed),
            ", ".join(changed[:SHOWN]) + more,
            0,
        )

    def close(self) -> None:
        """Close the connection."""
        if self._held is not None:
            self._held.close()

    def _connection(self) -> psycopg.Connection:
        if self._held is None or self._held.closed or self._held.broken:
            self._held = connect(self._dsn, NAME)
            self._held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return self._held

    def _rows(self, partition: int, bucket: int, sequence: int) -> dict[int, Rows]:
        return read_rows(self._connection(), partition, *_span(bucket, sequence))

    def _covered(self, partition: int, order: RepairOrdered) -> dict[int, _Sequence]:
        """Return what is held of all that an order covers, now."""
        stands_at = _stands_at(self._connection(), partition)
        found = self._rows(partition, int(order.bucket), stands_at)
        return _numbered({each: found[each] for each in found if _covers(order, stands_at, each)})

    def _healed(
        self, table: Table, wrong: _Sequences, right: _Sequences, new: JournalRows
    ) -> list[tuple[Key, str]]:
        """Remove what is not of the log, put in what is missing; return the keys, with what."""
        have, want = _keyed(table, wrong), _keyed(table, right)
        gone = {key for key, row in have.items() if want.get(key) != row}
        missing = {key for key, row in want.items() if have.get(key) != row}
        with self._connection().cursor() as cursor:
            cursor.executemany(table.remove, sorted(gone))
            full = by_key(table, getattr(new, table.said))
            copy_rows(cursor, table.put, [full[key] for key in sorted(missing)])
        words = {key: "was altered" if key in gone else "was missing" for key in missing}
        return sorted({**dict.fromkeys(gone - missing, "was extra"), **words}.items())


@final
class _Sequence:
    """All rows of one sequence, with the number that stands for them."""

    __slots__ = ("number", "rows")

    def __init__(self, rows: Rows) -> None:
        self.rows: Final = rows
        self.number: Final = rows.digest()


_Sequences = Mapping[int, _Sequence]


def _numbered(found: Mapping[int, Rows]) -> dict[int, _Sequence]:
    return {sequence: _Sequence(rows) for sequence, rows in found.items()}


def _digest(sequences: _Sequences) -> bytes:
    return digest_of_all([each.number for each in sequences.values()])


def _differing(held: _Sequences, said: _Sequences) -> set[int]:
    """Return the sequences of which the store has other rows than the log says."""
    have = {(each, held[each].number) for each in held}
    want = {(each, said[each].number) for each in said}
    return {each for each, _ in have ^ want}


def _part(sequences: _Sequences, wanted: set[int]) -> dict[int, _Sequence]:
    return {each: sequences[each] for each in sequences if each in wanted}


def _keyed(table: Table, sequences: _Sequences) -> Found:
    facts = (fact for each in sequences.values() for fact in getattr(each.rows, table.said))
    return by_key(table, facts)


def _stands_at(connection: psycopg.Connection, partition: int) -> int:
    row = connection.execute(READ_POSITION, (partition,)).fetchone()
    return 0 if row is None else int(row[1])


def _span(bucket: int, sequence: int) -> tuple[int, int]:
    """Return the lowest and highest sequence whose rows belong to a bucket."""
    first, last = sequences_of(bucket)
    newest = bucket_of(sequence)
    return LOWEST if bucket == 0 else first, HIGHEST if bucket == newest else last


def _covers(order: RepairOrdered, stands_at: int, sequence: int) -> bool:
    """Say whether an order is about a sequence: a row beyond the position was forged."""
    return sequence <= order.watermark or sequence > stands_at


def _sum(bucket: int, found: Mapping[int, Rows]) -> JournalSum:
    tally = Tally(bucket)
    for sequence, rows in found.items():
        tally.add(sequence, rows)
    return tally.result()
