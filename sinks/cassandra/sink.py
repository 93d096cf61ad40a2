"""Cassandra sink: history rows, written as often as need be and the same each time.

Owns: the statements, how they are sent, and the order: rows first, then the position.
Never: computes a row, or says which travel together; `ledger/history.py` and `requests.py` do. No
lightweight transactions, counters, deletes or nulls.

Idempotent instead of transactional: a row's key and content come from its Decision, its timestamp
from the sequence, so a repeat is the same cell again. The position is written after every row is
acknowledged, with its own offset as timestamp, so it never goes back whoever writes late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from cassandra.concurrent import execute_concurrent
from cassandra.query import BatchStatement, BatchType, BoundStatement

from ledger.history import HistoryKey, group_by_key
from sinks.batch import Batch, Position
from sinks.cassandra.requests import Request, requests_of
from sinks.cassandra.session import KEYSPACE, store_errors
from sinks.crash import AFTER_OFFSET, BEFORE_OFFSET, MID_BATCH, CrashPoint, never
from sinks.errors import StoreMoved

# Requests of one partition. Each is a thread of the server, and ten more while it writes: threads
# beyond the cores only wait, and keep Java's compilers waiting with them. On a busy machine a young
# server then never becomes fast.
IN_FLIGHT: Final = 4
MONTHS_KNOWN_MAX: Final = 200_000

PUT_HISTORY: Final = """
    INSERT INTO {keyspace}.history (wallet_id, month, sequence, partition, decided_at_us,
        command_id, outcome, reason, detail, stage, flow, counterparty, what, postings,
        balances)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ?
"""
PUT_MONTH: Final = (
    "INSERT INTO {keyspace}.wallet_month (wallet_id, month) VALUES (?, ?) USING TIMESTAMP 1"
)
PUT_POSITION: Final = """
    INSERT INTO {keyspace}.sink_position (partition, next_offset, sequence, chain, topic_id)
    VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?
"""
READ_POSITION: Final = """
    SELECT next_offset, sequence, chain, topic_id FROM {keyspace}.sink_position WHERE partition = ?
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
        self._crash: Final = crash
        self._months: set[HistoryKey] = set()  # known to be listed in wallet_month
        with store_errors():
            # By what a request calls them: HISTORY, MONTH.
            self._puts = [prepared(session, text, keyspace) for text in (PUT_HISTORY, PUT_MONTH)]
            self._put_position = prepared(session, PUT_POSITION, keyspace)
            self._read_position = prepared(session, READ_POSITION, keyspace)

    def position(self, partition: int) -> Position | None:
        """Return where the store stands."""
        self._months = set()  # asked when the store may have been wiped
        return self._stored(partition)

    def write(self, batch: Batch) -> None:
        """Write every row, then the position."""
        grouped = group_by_key(batch.decisions)
        months = [key for key in grouped if key not in self._months]
        requests = requests_of(grouped, months)
        half = len(requests) // 2
        with store_errors():
            if self._stored(batch.partition) != batch.before:
                raise StoreMoved(f"partition {batch.partition} of Cassandra has another position")
            self._send(requests[:half])
            self._crash(MID_BATCH)
            self._send(requests[half:])
            self._crash(BEFORE_OFFSET)
            self._move(batch.partition, batch.after)
            self._crash(AFTER_OFFSET)
        self._learn(months)

    def close(self) -> None:
        """Close the session and its cluster."""
        self._session.cluster.shutdown()

    def _stored(self, partition: int) -> Position | None:
        with store_errors():
            row = self._session.execute(self._read_position, (partition,)).one()
        return None if row is None else Position(*row)

    def _move(self, partition: int, to: Position) -> None:
        values = (to.next_offset, to.sequence, to.chain, to.topic_id)
        self._session.execute(self._put_position, (partition, *values, to.next_offset))

    def _send(self, requests: Iterable[Request]) -> None:
        send(self._session, [(self._statement(each), None) for each in requests])

    def _statement(self, request: Request) -> Any:  # noqa: ANN401 - untyped driver
        # The values are in bytes already: `encoding.py` writes them as `bind` would. A batch takes
        # over the values it is given, so that one statement of each kind carries them all.
        bound = [BoundStatement(put) for put in self._puts]
        if len(request) == 1:
            ((number, values),) = request
            bound[number].values = values
            return bound[number]
        together = BatchStatement(BatchType.UNLOGGED)
        together.is_idempotent = True
        for number, values in request:
            bound[number].values = values
            together.add(bound[number])
        return together

    def _learn(self, months: list[HistoryKey]) -> None:
        if len(self._months) > MONTHS_KNOWN_MAX:
            self._months = set()
        self._months.update(months)


def prepared(session: Any, text: str, keyspace: str = KEYSPACE) -> Any:  # noqa: ANN401 - untyped driver
    """Prepare a statement that may be sent twice."""
    statement = session.prepare(text.format(keyspace=keyspace))
    statement.is_idempotent = True
    return statement


def send(session: Any, statements: Sequence[Statement]) -> None:  # noqa: ANN401 - untyped driver
    """Send them side by side and wait for every answer."""
    execute_concurrent(session, statements, concurrency=IN_FLIGHT, raise_on_first_error=True)
