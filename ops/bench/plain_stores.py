"""The stores as plainly as it goes: rows that are in memory, written without a sink.

No log, no seals, no position, no row made in time: what the store and its driver take by
themselves, on the sinks' own tables and statements.

Owns: `wipe`, `made` and `write` of each store.
Never: used but beside a sink's figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from cassandra.query import BatchStatement, BatchType

from ledger.history import group_by_key
from sinks.cassandra.session import KEYSPACE, open_session
from sinks.cassandra.sink import PUT_HISTORY, prepared, send
from sinks.postgres.connection import connect
from sinks.postgres.rows import JournalRows
from sinks.postgres.sink import copies_of, copy_rows
from sinks.redis.client import connect as connect_redis
from sinks.redis.rows import PREFIX, changes_of
from sinks.redis.sink import SET_IF_NEWER, call_of, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.history import HistoryKey, HistoryRow
    from schemas.messages.decisions import Decision
    from sinks.cassandra.sink import Statement

WIPE_POSTGRES: Final = """
    TRUNCATE outcome, journal_entry, posting, hold, hold_step, wallet, wallet_balance, sink_offset,
        wallet_transaction, transaction_step
"""
CASSANDRA_TABLES: Final = ("history", "wallet_month", "sink_position")
ROWS_PER_STATEMENT: Final = 50
HASHES_PER_PIPELINE: Final = 500
SEQUENCE: Final = 2  # of a history row; also the timestamp of its cells
WIPE_S: Final = 60.0


class Writer(Protocol):
    """One store, written without a sink."""

    def wipe(self) -> None:
        """Empty the store."""
        ...

    def made(self, partition: int, decisions: Sequence[Decision]) -> Any:  # noqa: ANN401 - its own
        """Return the rows of one batch, ready to be written."""
        ...

    def write(self, partition: int, batches: Sequence[Any]) -> int:
        """Write the batches of a partition, from its own thread; return how many rows."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


class PlainPostgres:
    """Binary COPY, a transaction a batch."""

    def __init__(self, place: str) -> None:
        self._place: Final = place

    def wipe(self) -> None:
        """Empty every table."""
        with connect(self._place, "bench") as connection:
            connection.execute(WIPE_POSTGRES)

    def made(self, partition: int, decisions: Sequence[Decision]) -> Any:  # noqa: ANN401 - its own
        """Return each table's new rows."""
        del partition
        return [(target, list(rows)) for target, rows in copies_of(JournalRows(decisions))]

    def write(self, partition: int, batches: Sequence[Any]) -> int:
        """COPY them."""
        with connect(self._place, f"bench-{partition}") as connection:
            for batch in batches:
                with connection.transaction(), connection.cursor() as cursor:
                    for target, rows in batch:
                        copy_rows(cursor, target, rows)
        return sum(len(rows) for batch in batches for _, rows in batch)

    def close(self) -> None:
        """Every connection is closed where it was used."""


class PlainCassandra:
    """Unlogged batches inside a partition key, many under way."""

    def __init__(self, place: str) -> None:
        self._session: Final = open_session(place)
        self._put: Final = prepared(self._session, PUT_HISTORY)

    def wipe(self) -> None:
        """Empty every table."""
        for table in CASSANDRA_TABLES:
            self._session.execute(f"TRUNCATE {KEYSPACE}.{table}", timeout=WIPE_S)

    def made(self, partition: int, decisions: Sequence[Decision]) -> Any:  # noqa: ANN401 - its own
        """Return the rows by the key under which they are kept together."""
        del partition
        return group_by_key(decisions)

    def write(self, partition: int, batches: Sequence[Any]) -> int:
        """Bind and send them."""
        del partition
        for grouped in batches:
            send(self._session, list(_statements(self._put, grouped)))
        return sum(len(rows) for grouped in batches for rows in grouped.values())

    def close(self) -> None:
        """Close the session and its cluster."""
        self._session.cluster.shutdown()


def _statements(
    put: Any,  # noqa: ANN401 - untyped driver
    grouped: Mapping[HistoryKey, Sequence[HistoryRow]],
) -> Iterator[Statement]:
    """Yield what writes these rows, bound by the driver; those of one wallet and month together."""
    for rows in grouped.values():
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            some = rows[start : start + ROWS_PER_STATEMENT]
            if len(some) == 1:
                yield put, (*some[0], some[0][SEQUENCE])
                continue
            together = BatchStatement(BatchType.UNLOGGED)
            together.is_idempotent = True
            for row in some:
                together.add(put, (*row, row[SEQUENCE]))
            yield together, None


class PlainRedis:
    """The script of the sink, a call for each hash, in pipelines."""

    def __init__(self, place: str) -> None:
        self._client: Final = connect_redis(place)
        self._script: Final = str(self._client.script_load(SET_IF_NEWER))

    def wipe(self) -> None:
        """Empty the database."""
        self._client.flushdb()

    def made(self, partition: int, decisions: Sequence[Decision]) -> Any:  # noqa: ANN401 - its own
        """Return the calls of the script."""
        changes = cut(changes_of(PREFIX, partition, decisions))
        return [call_of(partition, [each]) for each in changes]

    def write(self, partition: int, batches: Sequence[Any]) -> int:
        """Send them; a row is a hash."""
        del partition
        for calls in batches:
            for start in range(0, len(calls), HASHES_PER_PIPELINE):
                with self._client.pipeline(transaction=False) as pipe:
                    for call in calls[start : start + HASHES_PER_PIPELINE]:
                        pipe.evalsha(self._script, *call)
                    pipe.execute()
        return sum(map(len, batches))

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


WRITERS: Final[Mapping[str, Callable[[str], Writer]]] = {
    "postgres": PlainPostgres,
    "cassandra": PlainCassandra,
    "redis": PlainRedis,
}
