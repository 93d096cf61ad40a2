"""What a stream job is: a pure step over tables, run by the exactly-once runtime.

Owns: the Protocols between the runtime and its jobs, and the records that cross them.
Never: knows Kafka clients, RocksDB, threads or any particular job.

A job is bound to one partition's tables once (`Job.open`) and then driven from one thread:

    step / fire   decide one input or one due timer on the overlay; give back an `Outcome`
    seal          turn the outcomes of a group into log records and outputs; nothing changes after
    it replay        fold log records back, in order; answers each time a whole group was folded
    resend        the outputs of the last sealed group, rebuilt from the log alone

The runtime owns everything else: fencing, bounds, transactions, stores, halting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, final

from streams.runtime.tables import Overlay, TableSpec
from topics.topic import Topic


@final
class InputRecord:
    """One record of an input topic, as fetched; `append_time` in microseconds.

    `trace` is its header `traceparent` where this process traces and the record is sampled.
    """

    __slots__ = ("append_time", "key", "offset", "partition", "topic", "trace", "value")

    def __init__(  # noqa: PLR0913 - the coordinates and the bytes of a record; hot, so no builder
        self,
        topic: str,
        partition: int,
        offset: int,
        append_time: int,
        key: bytes | None,
        value: bytes | None,
        trace: bytes = b"",
    ) -> None:
        self.topic: Final = topic
        self.partition: Final = partition
        self.offset: Final = offset
        self.append_time: Final = append_time
        self.key: Final = key
        self.value: Final = value
        self.trace: Final = trace


@final
class LogRecord:
    """One record of the job's log; `offset` is -1 until the broker gave one."""

    __slots__ = ("headers", "key", "offset", "value")

    def __init__(
        self,
        key: bytes,
        value: bytes,
        headers: tuple[tuple[str, bytes], ...] = (),
        offset: int = -1,
    ) -> None:
        self.key: Final = key
        self.value: Final = value
        self.headers: Final = headers
        self.offset: Final = offset


@final
class Output:
    """One record for another topic, sent after the log records of its group were acknowledged."""

    __slots__ = ("headers", "key", "partition", "topic", "value")

    def __init__(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        self.topic: Final = topic
        self.partition: Final = partition
        self.key: Final = key
        self.value: Final = value
        self.headers: Final = headers


Positions = Mapping[str, int]  # input topic -> next offset to read


@final
class Group:
    """A sealed group: what one Kafka transaction holds; `tally` counts its outcomes by name."""

    __slots__ = ("log", "outputs", "tally")

    def __init__(
        self,
        log: tuple[LogRecord, ...],
        outputs: tuple[Output, ...],
        tally: Mapping[str, int] | None = None,
    ) -> None:
        self.log: Final = log
        self.outputs: Final = outputs
        self.tally: Final[Mapping[str, int]] = {} if tally is None else tally


@final
class Replayed:
    """A whole group was folded: `next_offset` is the log offset after its last record."""

    __slots__ = ("next_offset", "positions")

    def __init__(self, next_offset: int, positions: Positions) -> None:
        self.next_offset: Final = next_offset
        self.positions: Final = positions


class Outcome(Protocol):
    """What one step decided; opaque to the runtime but for its size."""

    @property
    def size(self) -> int:
        """Roughly how many bytes it adds to the log, so that a group can be closed in time."""
        ...


class ReadInput(Protocol):
    """Read one input record again by its coordinates."""

    def __call__(self, topic: str, partition: int, offset: int) -> InputRecord | None:
        """Return the record, or None when retention has removed it."""
        ...


class PartitionJob(Protocol):
    """A job bound to one partition's tables. Raises only on a bug: that halts the partition."""

    def step(self, record: InputRecord) -> Outcome:
        """Decide one input on the overlay. Total: any bytes give an outcome."""
        ...

    def fire(self, until: int) -> Outcome | None:
        """Fire the first timer whose due time is <= `until` (microseconds), or return None."""
        ...

    def seal(self, outcomes: Sequence[Outcome], positions: Positions) -> Group:
        """Close the group: encode its log records, seal in the last one, and list its outputs."""
        ...

    def replay(self, record: LogRecord) -> Replayed | None:
        """Take the next committed log record; fold and answer when it completes a group."""
        ...

    def resend(self, read_input: ReadInput) -> tuple[Output, ...]:
        """Outputs of the last group folded by `replay`; empty when none was."""
        ...


class Job(Protocol):
    """A job: its topics, its tables, and how to bind it to a partition."""

    @property
    def name(self) -> str:
        """Short name; part of transactional ids and state folders."""
        ...

    @property
    def inputs(self) -> tuple[Topic, ...]:
        """Co-partitioned input topics, in the order in which they are drained."""
        ...

    @property
    def log(self) -> Topic:
        """The topic recovery folds."""
        ...

    @property
    def outputs(self) -> tuple[Topic, ...]:
        """Every other topic the job writes."""
        ...

    @property
    def tables(self) -> tuple[TableSpec[Any, Any], ...]:
        """The tables of its state."""
        ...

    def open(self, overlay: Overlay, partition: int) -> PartitionJob:
        """Bind the job to the tables of one partition."""
        ...
