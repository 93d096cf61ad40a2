"""The narrow doors between a partition and the world: broker, store, clock, host.

Owns: the Protocols and the records that cross them. `kafka.py`, `store.py` and `clock.py` are the
real sides, `fakes.py` the in-memory ones; a simulation brings its own.
Never: contains behaviour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol, final

from streams.runtime.crashpoints import Passing, unarmed
from streams.runtime.halt import HaltFile
from streams.runtime.job import InputRecord, LogRecord, Output, Positions


class Ticket(NamedTuple):
    """Which recovery a hand-over belongs to: the host's epoch and the recovery inside it.

    The host stamps every hand-over with the ticket it last sought. An older ticket is dropped,
    so what was fetched before a seek can never be mistaken for what was fetched after it. Tickets
    only grow.
    """

    epoch: int
    recovery: int


@final
class HandOver:
    """What one fetch of one input topic gave: everything between two positions of the fetcher.

    `before` and `after` step over markers and aborted records; `records` may be empty.
    `untimed` is the offset of the first record whose timestamp is not LogAppendTime, or None.
    """

    __slots__ = ("after", "before", "partition", "records", "ticket", "topic", "untimed")

    def __init__(  # noqa: PLR0913 - the record of the seam to the host
        self,
        *,
        topic: str,
        partition: int,
        ticket: Ticket,
        before: int,
        records: Sequence[InputRecord],
        after: int,
        untimed: int | None = None,
    ) -> None:
        self.topic: Final = topic
        self.partition: Final = partition
        self.ticket: Final = ticket
        self.before: Final = before
        self.records: Final = records
        self.after: Final = after
        self.untimed: Final = untimed


class Host(Protocol):
    """What a partition asks of its host, in its own thread: never blocks, never raises."""

    def ready(self, partition: int, ticket: Ticket, positions: Positions) -> None:
        """Recovered: seek every input to its position; stamp what is fetched with the ticket.

        Called after `begin`, and again after every recovery in place (aborted transaction, released
        halt). Ignore it when the ticket's epoch is not the current one.
        """
        ...

    def holds(self, partition: int, epoch: int) -> bool:
        """Say whether `epoch` is still the current assignment of the partition."""
        ...

    def generation_confirmed(self, epoch: int, since: float) -> bool:
        """Say whether a heartbeat sent after `since` confirmed the epoch's generation."""
        ...

    def room(self, partition: int) -> None:
        """Hand-overs were taken: the fetch loop may look at `has_room` again."""
        ...


class Clock(Protocol):
    """Every way to know or spend time."""

    def wall_us(self) -> int:
        """Microseconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def cpu(self) -> float:
        """Seconds of CPU of the calling thread."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Transactions(Protocol):
    """The transactional producer of one partition. Raises only what `errors.py` names."""

    def fence(self) -> None:
        """Drop any producer we have, make a new one, fence every predecessor."""
        ...

    def begin(self) -> None:
        """Open a transaction."""
        ...

    def send_log(self, records: Sequence[LogRecord]) -> int:
        """Send log records, wait until all are acknowledged; return the offset of the last."""
        ...

    def send(self, outputs: Sequence[Output]) -> None:
        """Queue outputs; `settle` or `commit` waits for them."""
        ...

    def settle(self) -> None:
        """Wait until the broker has acknowledged everything queued."""
        ...

    def commit(self) -> None:
        """Commit. Returns only when the broker said so."""
        ...

    def abort(self) -> None:
        """Abort. Returns only when the broker said so."""
        ...

    def drop(self) -> None:
        """Forget the producer object without another word to the broker."""
        ...


class Tail(Protocol):
    """A committed read of one log partition from an offset on."""

    def take(self, limit: int) -> Sequence[LogRecord]:
        """Return the next records, at most `limit`; empty when none came in milliseconds."""
        ...

    def position(self) -> int:
        """Where the read stands, transaction markers and aborted records stepped over."""
        ...

    def close(self) -> None:
        """Give the reader back."""
        ...


class Broker(Protocol):
    """Reading side of the broker, for recovery."""

    def topic_id(self, topic: str) -> str:
        """Kafka's id of the topic; changes when it is recreated."""
        ...

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """First offset and end offset, uncommitted records included."""
        ...

    def tail(self, topic: str, partition: int, offset: int) -> Tail:
        """Start reading committed records."""
        ...

    def read_input(self, topic: str, partition: int, offset: int) -> InputRecord | None:
        """Read one committed record again, or None when retention has removed it."""
        ...


class Store(Protocol):
    """The committed rows of one partition, as bytes."""

    def get(self, key: bytes) -> bytes | None:
        """Return the row under `key`."""
        ...

    def scan(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Return at most `limit` rows with start <= key < end, in order."""
        ...

    def write(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write all changes or none; None deletes."""
        ...

    def close(self) -> None:
        """Close; idempotent."""
        ...


class OpenStore(Protocol):
    """How to open the store of a partition."""

    def __call__(self) -> Store:
        """Open it. Raises `StoreLockedError` (another process has it) or `StoreFailedError`."""
        ...


class Snapshots(Protocol):
    """Copies of the store in a shared place, for an owner that comes cold."""

    def fetch(self, log_topic_id: str, applied: int) -> bool:
        """Lay a good copy beside the store when one is far ahead of `applied`; say whether."""
        ...

    def swap(self) -> None:
        """Put what was fetched in place of the store, which is closed."""
        ...

    def passed(
        self, log_topic_id: str, log_offset: int, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """The store follows the log up to this offset, after a record with these headers."""
        ...


class Deaths(Protocol):
    """The count of deaths inside one group; `Attempts` keeps it in a file."""

    def opening(self, positions: Positions, /) -> None:
        """Inputs from these positions on are about to be decided; halts after too many deaths."""
        ...

    def closed(self) -> None:
        """Decided, or given up in good order."""
        ...

    def reset(self) -> None:
        """A person released the partition."""
        ...

    def close(self) -> None:
        """Give the file back; idempotent."""
        ...


class Watch(Protocol):
    """The watchdog, seen from one partition."""

    def arm(self, call: str) -> None:
        """A transactional call starts."""
        ...

    def disarm(self) -> None:
        """It returned, with or without an error."""
        ...


def alone() -> int:
    """Return how many share the memory where there is one partition."""
    return 1


def share_of(whole: int, sharers: Callable[[], int]) -> int:
    """Return what each of them gets; at first nobody may be there yet."""
    return whole // max(1, sharers())


Gauges = Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a partition reaches the world through."""

    transactions: Transactions
    broker: Broker
    open_store: OpenStore
    clock: Clock
    host: Host
    halt_file: HaltFile
    attempts: Deaths
    passing: Passing = unarmed
    snapshots: Snapshots | None = None  # None: no place is configured
    gauges: Gauges = dict  # asked in the partition's thread, seldom
    sharers: Callable[[], int] = alone  # partitions that share the memory of the process
