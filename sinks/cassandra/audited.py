"""Cassandra audited: the rows of a wallet and month are read back, or written again from the log.

Owns: the list of what there is to read, which rows one ledger partition answers for, the timestamps
of a repair.
Never: touches a row that may be on its way: one beyond the position is left to the next round,
unless the log cannot have come so far; then it was forged.

A cell that was tampered with has a later timestamp than the sink's, which is a sequence, and would
win against it for ever. So a repair writes with the wall clock, or just above the latest timestamp
it finds there, and says with which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, final

from cassandra.concurrent import execute_concurrent_with_args
from cassandra.query import SimpleStatement

from ledger.history import HistoryRow, history_of
from ledger.sealing import LogError
from ledger.tally import DIGEST_BYTES, MODULUS, row_digest
from ledger.units import UNIT_BUCKETS, month_bucket, month_of_unit, month_unit
from schemas.messages.decisions import Decision
from schemas.messages.recon import HistoryHeld, MonthHeld, RepairBegun, RepairEnded, RepairOrdered
from schemas.messages.vocabulary import Store
from sinks.audit.store import Held, LogEnd
from sinks.cassandra.digest import SCAN
from sinks.cassandra.session import KEYSPACE, store_errors
from sinks.cassandra.sink import PUT_HISTORY, prepared

KEYS: Final = "SELECT DISTINCT wallet_id, month FROM {keyspace}.history"
OF_A_MONTH: Final = SCAN + " WHERE wallet_id = ? AND month = ?"
POSITIONS: Final = "SELECT partition, sequence FROM {keyspace}.sink_position"
WRITTEN: Final = """
    SELECT writetime(decided_at_us), writetime(command_id), writetime(outcome), writetime(reason),
           writetime(detail), writetime(stage), writetime(flow), writetime(counterparty),
           writetime(what), writetime(postings), writetime(balances)
    FROM {keyspace}.history WHERE wallet_id = ? AND month = ?
"""
REMOVE: Final = """
    DELETE FROM {keyspace}.history USING TIMESTAMP ?
    WHERE wallet_id = ? AND month = ? AND sequence = ? AND partition = ?
"""
KEYS_PER_PAGE: Final = 5_000
IN_FLIGHT: Final = 4
SEQUENCE: Final = 2  # of a row
PARTITION: Final = 3
SHOWN: Final = 5
NONE: Final = bytes(DIGEST_BYTES)

Rows = dict[int, HistoryRow]  # by sequence


class _Read(NamedTuple):
    """A bucket as it was read, for every ledger partition."""

    positions: dict[int, int]
    rows: list[HistoryRow]
    told: set[int]  # partitions it was attested for


@final
class CassandraAudited:
    """Satisfies `sinks.audit.store.Audited`."""

    store: Final = Store.CASSANDRA

    def __init__(
        self,
        session: Any,  # noqa: ANN401 - untyped driver
        log: LogEnd,
        wall_us: Callable[[], int],
        keyspace: str = KEYSPACE,
    ) -> None:
        self._session: Final = session
        self._log: Final = log
        self._wall_us: Final = wall_us
        self._keyspace: Final = keyspace
        with store_errors():
            texts = (OF_A_MONTH, WRITTEN, PUT_HISTORY, REMOVE)
            self._of_a_month, self._written, self._put, self._remove = [
                prepared(session, text, keyspace) for text in texts
            ]
        self._keys: dict[int, list[tuple[str, int]]] = {}  # bucket -> wallets and months
        self._read: dict[int, _Read] = {}

    def sequence(self, partition: int) -> int:
        """Return the last sequence the store took."""
        with store_errors():
            return self._positions().get(partition, 0)

    def buckets(self, sequence: int) -> int:
        """Return how many buckets there are, however far the store is."""
        del sequence
        return UNIT_BUCKETS

    def tail(self, sequence: int) -> None:
        """Return that no bucket is newer than the others."""
        del sequence

    def bucket(self, order: RepairOrdered) -> int:
        """Return the bucket of the wallet that an order is about."""
        return month_bucket(order.bucket)

    def range(self, order: RepairOrdered) -> tuple[int, int] | None:
        """Return the sequences that a repair needs; none where the log says that nothing is."""
        return None if order.expected == NONE else (1, order.watermark)

    def wants(self, order: RepairOrdered, decision: Decision) -> bool:
        """Say whether a Decision has a row of the month."""
        return any(month_unit(*row[:2]) == order.bucket for row in history_of(decision))

    def read(self, partition: int, bucket: int) -> Held | None:
        """Read a bucket back, once for all partitions."""
        with store_errors():
            read = self._read.get(bucket)
            if read is None or partition in read.told:
                read = self._read[bucket] = self._anew(bucket)
        read.told.add(partition)
        watermark = read.positions.get(partition)
        if watermark is None:
            return None
        end = self._log.end(partition)
        months: dict[str, list[HistoryRow]] = defaultdict(list)
        for row in read.rows:
            if row[PARTITION] == partition and _covers(watermark, end, row):
                months[month_unit(*row[:2])].append(row)
        held = [MonthHeld(unit, len(rows), _digest(rows)) for unit, rows in months.items()]
        return Held(HistoryHeld(bucket, watermark, tuple(held)), len(read.rows))

    def before(self, partition: int, order: RepairOrdered) -> RepairBegun:
        """Read what a month holds that is to be repaired."""
        with store_errors():
            held = self._held(partition, order)
        return RepairBegun(order.break_id, order.attempt, _digest(held.values()))

    def repair(
        self, partition: int, order: RepairOrdered, decisions: Sequence[Decision]
    ) -> RepairEnded:
        """Write the rows that are missing or altered, remove what the log does not say."""
        want = {
            each.sequence: row
            for each in decisions
            for row in history_of(each)
            if month_unit(*row[:2]) == order.bucket
        }
        if _digest(want.values()) != order.expected:
            raise LogError(f"the log read for {order.break_id} is not what the job followed")
        with store_errors():
            held = self._held(partition, order)
            written_at = self._later(order)
            extra = sorted(held.keys() - want.keys())
            wrong = sorted(each for each in want if _sign(held.get(each)) != _sign(want[each]))
            key = month_of_unit(order.bucket)
            for sequence in extra:
                self._session.execute(self._remove, (written_at, *key, sequence, partition))
            for sequence in wrong:
                self._session.execute(self._put, (*want[sequence], written_at))
            after = self._held(partition, order)
        words = [f"row {each} was extra" for each in extra]
        words += [f"row {each} was {'altered' if each in held else 'missing'}" for each in wrong]
        return RepairEnded(
            order.break_id,
            order.attempt,
            _digest(held.values()),
            _digest(after.values()),
            len(words),
            ", ".join(words[:SHOWN]) + (", ..." if len(words) > SHOWN else ""),
            written_at,
        )

    def close(self) -> None:
        """Close the session and its cluster."""
        self._session.cluster.shutdown()

    def _positions(self) -> dict[int, int]:
        found = self._session.execute(POSITIONS.format(keyspace=self._keyspace))
        return dict(map(tuple, found))

    def _anew(self, bucket: int) -> _Read:
        if bucket == UNIT_BUCKETS - 1 or bucket not in self._keys:
            self._list()
        positions = self._positions()
        asked = [(wallet, month) for wallet, month in self._keys[bucket]]
        answers = execute_concurrent_with_args(
            self._session, self._of_a_month, asked, concurrency=IN_FLIGHT
        )
        return _Read(positions, [tuple(row) for _, rows in answers for row in rows], set())

    def _list(self) -> None:
        """Learn which wallets have which months."""
        found: dict[int, list[tuple[str, int]]] = {number: [] for number in range(UNIT_BUCKETS)}
        keys = SimpleStatement(KEYS.format(keyspace=self._keyspace), fetch_size=KEYS_PER_PAGE)
        for wallet, month in self._session.execute(keys):
            found[month_bucket(month_unit(wallet, month))].append((wallet, month))
        self._keys = found

    def _held(self, partition: int, order: RepairOrdered) -> Rows:
        """Return the rows of a month that an order covers, as they are now."""
        rows = self._session.execute(self._of_a_month, month_of_unit(order.bucket))
        end = self._log.end(partition)
        own = [tuple(row) for row in rows if row[PARTITION] == partition]
        return {row[SEQUENCE]: row for row in own if _covers(order.watermark, end, row)}

    def _later(self, order: RepairOrdered) -> int:
        """Return a timestamp that wins over every cell of a month."""
        rows = self._session.execute(self._written, month_of_unit(order.bucket))
        newest = max((at for row in rows for at in row if at is not None), default=0)
        return max(self._wall_us(), newest + 1)


def _covers(watermark: int, end: int, row: HistoryRow) -> bool:
    """Say whether a row is judged: each sequence takes an offset, so none is beyond the end."""
    return row[SEQUENCE] <= watermark or row[SEQUENCE] > end


def _digest(rows: Iterable[HistoryRow]) -> bytes:
    return (sum(map(row_digest, rows)) % MODULUS).to_bytes(DIGEST_BYTES, "big")


def _sign(row: HistoryRow | None) -> int:
    """Return what rows are compared by: lines are lists here and tuples there."""
    return 0 if row is None else row_digest(row)
