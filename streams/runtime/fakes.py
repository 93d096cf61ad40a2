"""An in-memory broker that keeps the promises recovery stands on, and forgets none of its traps.

Owns: partitions with markers, open, committed and aborted records; epochs; fencing; a last stable
offset; faults that strike before or after their call had its effect.
Never: is faster or kinder than the real one where safety depends on it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Final, Literal, final

from streams.runtime.errors import FencedError, ProducerFatalError
from streams.runtime.job import InputRecord, LogRecord, Output
from streams.runtime.ports import Clock

State = Literal["plain", "open", "committed", "aborted", "marker"]
Place = tuple[str, int]
EMPTY_READ_S: Final = 0.02


@final
class Entry:
    """One offset of a fake partition."""

    __slots__ = ("headers", "key", "state", "time", "value")

    def __init__(
        self,
        state: State,
        key: bytes | None = None,
        value: bytes | None = None,
        headers: tuple[tuple[str, bytes], ...] = (),
        time: int = 0,
    ) -> None:
        self.state: State = state
        self.key: Final = key
        self.value: Final = value
        self.headers: Final = headers
        self.time: Final = time


class Fault:
    """What goes wrong with one call: `applied` = it had its effect, only the answer was lost."""

    def __init__(
        self,
        error: Exception | None = None,
        *,
        applied: bool = False,
        also: Callable[[], None] | None = None,
    ) -> None:
        self.error: Final = error
        self.applied: Final = applied
        self.also: Final = also


class FakeCluster:
    """Every topic and every transactional id. Survives the crash of any worker."""

    def __init__(self) -> None:
        self.logs: Final[dict[Place, list[Entry]]] = defaultdict(list)
        self.first: Final[dict[Place, int]] = defaultdict(int)
        self.topic_ids: Final[dict[str, str]] = {}
        self.epochs: Final[dict[str, int]] = defaultdict(int)
        self.ongoing: Final[dict[str, list[tuple[Place, Entry]]]] = defaultdict(list)
        self.faults: Final[dict[str, deque[Fault]]] = defaultdict(deque)
        self.calls: Final[list[str]] = []

    def fail(self, call: str, fault: Fault) -> None:
        """Let the next call of that name go wrong."""
        self.faults[call].append(fault)

    def append(self, place: Place, entry: Entry) -> int:
        """Append; return the offset."""
        self.logs[place].append(entry)
        return len(self.logs[place]) - 1

    def produce(self, topic: str, partition: int, key: bytes, value: bytes, time: int = 0) -> int:
        """Append a record outside any transaction."""
        return self.append((topic, partition), Entry("plain", key, value, (), time))

    def end(self, transactional_id: str, state: Literal["committed", "aborted"]) -> None:
        """End what is open under an id, and leave a marker wherever it had written."""
        entries = self.ongoing.pop(transactional_id, [])
        for _, entry in entries:
            entry.state = state
        for place in dict.fromkeys(place for place, _ in entries):
            self.append(place, Entry("marker"))

    def committed(self, topic: str, partition: int, offset: int = 0) -> list[tuple[int, Entry]]:
        """Return what a read_committed reader sees from an offset on."""
        stable = self.stable_end((topic, partition))
        visible = self.logs[topic, partition][offset:stable]
        return [
            (offset + index, entry)
            for index, entry in enumerate(visible)
            if entry.state in {"plain", "committed"}
        ]

    def stable_end(self, place: Place) -> int:
        """Return the last stable offset: readers stop at the first open record."""
        for offset, entry in enumerate(self.logs[place]):
            if entry.state == "open":
                return offset
        return len(self.logs[place])

    def values(self, topic: str, partition: int) -> list[bytes | None]:
        """Return the committed values of a partition."""
        return [entry.value for _, entry in self.committed(topic, partition)]


class FakeTransactions:
    """A transactional producer; satisfies `Transactions`."""

    def __init__(self, cluster: FakeCluster, transactional_id: str, log: Place) -> None:
        self._cluster: Final = cluster
        self._id: Final = transactional_id
        self._log: Final = log
        self._epoch: int | None = None
        self._begun = False
        self._queued: list[Output] = []

    def fence(self) -> None:
        """Bump the epoch; abort what a predecessor left open."""
        self.drop()
        self._strike("fence", self._fence)

    def begin(self) -> None:
        """Open a transaction."""
        self._strike("begin", self._begin)

    def send_log(self, records: Sequence[LogRecord]) -> int:
        """Append log records, open."""
        self._strike("send_log", lambda: self._append_log(records))
        return len(self._cluster.logs[self._log]) - 1

    def send(self, outputs: Sequence[Output]) -> None:
        """Queue outputs."""
        self._strike("send", lambda: self._queued.extend(outputs))

    def settle(self) -> None:
        """Append what is queued, open."""
        self._strike("settle", self._settle)

    def commit(self) -> None:
        """Commit."""
        self._strike("commit", lambda: self._end("committed"))

    def abort(self) -> None:
        """Abort."""
        self._strike("abort", lambda: self._end("aborted"))

    def drop(self) -> None:
        """Forget the producer: nothing reaches the broker, also not what was open."""
        self._epoch, self._begun, self._queued = None, False, []

    def _strike(self, call: str, effect: Callable[[], None]) -> None:
        cluster = self._cluster
        cluster.calls.append(call)
        fault = cluster.faults[call].popleft() if cluster.faults[call] else None
        if fault is None:
            self._check(call)
            effect()
            return
        if fault.also is not None:
            fault.also()
        if fault.applied or fault.error is None:
            self._check(call)
            effect()
        if fault.error is not None:
            raise fault.error

    def _check(self, call: str) -> None:
        if call == "fence":
            return
        assert self._epoch is not None, f"{call} without a producer"
        if self._epoch != self._cluster.epochs[self._id]:
            raise FencedError(f"{self._id}: epoch {self._epoch} is over")
        if call != "begin" and not self._begun:
            raise ProducerFatalError(f"{call} outside a transaction")

    def _fence(self) -> None:
        self._cluster.end(self._id, "aborted")
        self._cluster.epochs[self._id] += 1
        self._epoch = self._cluster.epochs[self._id]

    def _begin(self) -> None:
        assert not self._begun, "a transaction is open already"
        self._begun = True

    def _append_log(self, records: Sequence[LogRecord]) -> None:
        for record in records:
            self._append(self._log, Entry("open", record.key, record.value, record.headers))

    def _settle(self) -> None:
        for output in self._queued:
            entry = Entry("open", output.key, output.value, output.headers)
            self._append((output.topic, output.partition), entry)
        self._queued = []

    def _append(self, place: Place, entry: Entry) -> None:
        self._cluster.append(place, entry)
        self._cluster.ongoing[self._id].append((place, entry))

    def _end(self, state: Literal["committed", "aborted"]) -> None:
        if state == "committed":
            self._settle()
        self._cluster.end(self._id, state)
        self._begun, self._queued = False, []


class FakeBroker:
    """The reading side; satisfies `Broker`. An empty read takes time, as a real one does."""

    def __init__(self, cluster: FakeCluster, clock: Clock) -> None:
        self._cluster: Final = cluster
        self._clock: Final = clock

    def topic_id(self, topic: str) -> str:
        """Return the topic's id."""
        return self._cluster.topic_ids.setdefault(topic, f"{topic}-1")

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """First offset and end offset, open records included."""
        place = topic, partition
        return self._cluster.first[place], len(self._cluster.logs[place])

    def tail(self, topic: str, partition: int, offset: int) -> FakeTail:
        """Start reading committed records."""
        return FakeTail(self._cluster, self._clock, (topic, partition), offset)

    def read_input(self, topic: str, partition: int, offset: int) -> InputRecord | None:
        """Read one committed record again."""
        for at, entry in self._cluster.committed(topic, partition, offset):
            if at == offset:
                return InputRecord(topic, partition, at, entry.time, entry.key, entry.value)
            break
        return None


class FakeTail:
    """A committed read of one partition; satisfies `Tail`."""

    def __init__(self, cluster: FakeCluster, clock: Clock, place: Place, offset: int) -> None:
        self._cluster: Final = cluster
        self._clock: Final = clock
        self._place: Final = place
        self._position = offset

    def take(self, limit: int) -> Sequence[LogRecord]:
        """Return the next records; behind the last one the position steps over markers."""
        found = self._cluster.committed(*self._place, self._position)[:limit]
        if found:
            self._position = found[-1][0] + 1
        else:
            self._clock.sleep(EMPTY_READ_S)
            self._position = self._cluster.stable_end(self._place)
        return [
            LogRecord(entry.key or b"", entry.value or b"", entry.headers, offset)
            for offset, entry in found
        ]

    def position(self) -> int:
        """Where the read stands."""
        return self._position

    def close(self) -> None:
        """Nothing to give back."""
