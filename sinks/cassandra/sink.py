"""Cassandra sink: history rows, written as often as need be and the same each time.

Owns: the statements, how rows are sent together, and the order: rows first, then the position.
Never: computes a row; `rows.py` does. No lightweight transactions, counters, deletes or nulls.

Idempotent instead of transactional: a row's key and content come from its Decision, its timestamp
from the sequence, so a repeat is the same cell again. The position is written after every row is
acknowledged, with its own offset as timestamp, so it never goes back whoever writes late.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cassandra.concurrent import execute_concurrent
from cassandra.query import BatchStatement, BatchType

from sinks.batch import Batch, Position
from sinks.cassandra.rows import HistoryKey, HistoryRow, group_by_key
from sinks.cassandra.session import KEYSPACE, store_errors
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH, CrashPoint, never
from sinks.errors import StoreMoved

ROWS_PER_STATEMENT: Final = 50
IN_FLIGHT: Final = 32  # statements of one partition; more only queue up in the server
MONTHS_KNOWN_MAX: Final = 200_000
SEQUENCE: Final = 2  # of a history row; also the timestamp of its cells

PUT_HISTORY: Final = """
    INSERT INTO {keyspace}.history (wallet_id, month, sequence, partition, decided_at_us,
        command_id, outcome, reason, detail, stage, flow, counterparty, postings, balances)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?
"""
PUT_MONTH: Final = (
    "INSERT INTO {keyspace}.wallet_month (wallet_id, month) VALUES (?, ?) USING TIMESTAMP 1"
)
PUT_POSITION: Final = """
    INSERT INTO {keyspace}.sink_offset (partition, next_offset, sequence, chain, topic_id)
    VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?
"""
READ_POSITION: Final = """
    SELECT next_offset, sequence, chain, topic_id FROM {keyspace}.sink_offset WHERE partition = ?
"""

Statement = tuple[Any, tuple[object, ...] | None]


class CassandraSink:
    """Writes batches; one session serves every partition."""

    def __init__(
        self,
        session: Any,  # noqa: ANN401 - untyped driver
        crash: CrashPoint = never,
        keyspace: str = KEYSPACE,
    ) -> None:
        self._session: Final = session
        self._keyspace: Final = keyspace
        self._crash: Final = crash
        self._months: set[HistoryKey] = set()  # known to be listed in wallet_month
        with store_errors():
            self._put_history = self._prepared(PUT_HISTORY)
            self._put_month = self._prepared(PUT_MONTH)
            self._put_position = self._prepared(PUT_POSITION)
            self._read_position = self._prepared(READ_POSITION)

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        self._months = set()  # asked when the store may have been wiped
        return self._stored(partition)

    def write(self, batch: Batch) -> None:
        """Write every row, then the position."""
        grouped = group_by_key(batch.decisions)
        months = [key for key in grouped if key not in self._months]
        statements = [*self._history(grouped), *self._listed(months)]
        half = len(statements) // 2
        with store_errors():
            if self._stored(batch.partition) != batch.before:
                raise StoreMoved(f"partition {batch.partition} of Cassandra has another position")
            self._send(statements[:half])
            self._crash(MID_BATCH)
            self._send(statements[half:])
            self._crash(BEFORE_OFFSET)
            self._move(batch.partition, batch.after)
            self._crash(AFTER_OFFSET)
        self._learn(months)

    def close(self) -> None:
        """Close the session and its cluster."""
        self._session.cluster.shutdown()

    def _prepared(self, text: str) -> Any:  # noqa: ANN401 - untyped driver
        statement = self._session.prepare(text.format(keyspace=self._keyspace))
        statement.is_idempotent = True
        return statement

    def _stored(self, partition: int) -> Position | None:
        with store_errors():
            row = self._session.execute(self._read_position, (partition,)).one()
        return None if row is None else Position(*row)

    def _move(self, partition: int, to: Position) -> None:
        values = (to.next_offset, to.sequence, to.chain, to.topic_id)
        self._session.execute(self._put_position, (partition, *values, to.next_offset))

    def _history(self, grouped: dict[HistoryKey, list[HistoryRow]]) -> Iterable[Statement]:
        """Send rows of one wallet and month together: one mutation for the servers."""
        for rows in grouped.values():
            for start in range(0, len(rows), ROWS_PER_STATEMENT):
                some = rows[start : start + ROWS_PER_STATEMENT]
                if len(some) == 1:
                    yield self._put_history, (*some[0], some[0][SEQUENCE])
                    continue
                together = BatchStatement(BatchType.UNLOGGED)
                together.is_idempotent = True
                for row in some:
                    together.add(self._put_history, (*row, row[SEQUENCE]))
                yield together, None

    def _listed(self, months: list[HistoryKey]) -> Iterable[Statement]:
        return [(self._put_month, key) for key in months]

    def _send(self, statements: list[Statement]) -> None:
        execute_concurrent(
            self._session, statements, concurrency=IN_FLIGHT, raise_on_first_error=True
        )

    def _learn(self, months: list[HistoryKey]) -> None:
        if len(self._months) > MONTHS_KNOWN_MAX:
            self._months = set()
        self._months.update(months)
