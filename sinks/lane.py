"""One partition's way into a store: records in, sealed groups out, batches written, position kept.

Owns: the bounded queue, decoding, the cut of batches, what to do when the store is away or moved.
Never: talks to Kafka. The runner hands records in, and carries out a rewind when the lane asks.

Theory. The runner's thread calls `offer`, `crowded`, `roomy`, `rewind_to` and `rewound`; everything
else is the lane's own thread. A rewind drops the queue, and what is offered before the runner has
sought is not taken: it belongs to the place that was left.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar, final

from ledger.sealing import SealedGroup, SealReader
from schemas.messages.decisions import Decision
from sinks.backoff import wait_s
from sinks.batch import Batch, Position, Sink
from sinks.errors import StoreAway, StoreMoved, TopicReplaced
from sinks.source import Record

T = TypeVar("T")
Decode = Callable[[bytes], Decision]

RECORDS_PER_TAKE: Final = 500
# A store that takes long is asked less often, up to so many times the usual wait: on a machine that
# has too little of everything, fewer and fuller batches are what leaves more for all.
LINGERS_MAX: Final = 3
IDLE_CHECK_S: Final = 5.0  # how long a wiped or overtaken store stays unnoticed when nothing comes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a lane holds and how large its batches are."""

    batch_decisions: int = 4_000
    # A sink's delay buys fewer, larger transactions: at 2,000 commands a second over 8 partitions,
    # 80 a second instead of 800.
    linger_s: float = 0.1
    queue_bytes: int = 8 * 1024 * 1024


class Stopping(Protocol):
    """The wish to end, and the wait that it cuts short; `threading.Event` is one."""

    def is_set(self) -> bool:
        """Say whether to end."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds or until told to end; say whether told."""
        ...


@final
class Lane:
    """One partition of one store.

    A thread calls `run`; a simulation calls `turn` and `look` instead.
    """

    def __init__(  # noqa: PLR0913 - what a lane joins; made in one place
        self,
        partition: int,
        topic_id: str,
        sink: Sink,
        decode: Decode,
        limits: Limits,
        stop: Stopping,
    ) -> None:
        self.partition: Final = partition
        self.halted = ""
        self.written = 0
        self.retries = 0
        self.position = 0  # the next offset to apply
        self._topic_id: Final = topic_id
        self._sink: Final = sink
        self._decode: Final = decode
        self._limits: Final = limits
        self._stop: Final = stop
        self._guard: Final = threading.Condition()
        self._queue: Final[deque[Record]] = deque()
        self._bytes = 0
        self._rewind: int | None = None
        self._stored: Position | None = None
        self._reader = SealReader(partition, decode)
        self._groups: list[SealedGroup] = []
        self._waiting = 0  # Decisions in the groups
        self._since = 0.0  # when the oldest of them came
        self._linger = limits.linger_s  # how long it waits for others

    def offer(self, records: list[Record]) -> None:
        """Take records; nothing while a rewind is asked for or the lane is halted."""
        with self._guard:
            if self._rewind is None and not self.halted:
                self._queue.extend(records)
                self._bytes += sum(len(value) for _, value, _ in records)
                self._guard.notify()

    @property
    def queued(self) -> int:
        """Bytes of records waiting to be decoded."""
        return self._bytes

    @property
    def waiting(self) -> bool:
        """Whether there is something to read or to write."""
        return bool(self._bytes or self._waiting)

    @property
    def crowded(self) -> bool:
        """Whether the runner should pause the partition."""
        return self._bytes >= self._limits.queue_bytes or bool(self.halted)

    @property
    def roomy(self) -> bool:
        """Whether the runner may resume the partition."""
        return self._bytes * 2 < self._limits.queue_bytes and not self.halted

    def rewind_to(self) -> int | None:
        """Return the offset the lane wants to read from, until `rewound` is called."""
        return self._rewind

    def rewound(self) -> None:
        """Hear that the partition is read from the offset asked for."""
        with self._guard:
            self._rewind = None

    def halt(self, why: str) -> None:
        """Take no more; what is queued is dropped."""
        with self._guard:
            self.halted = why
            self._queue.clear()
            self._bytes = 0

    def locate(self) -> int:
        """Ask the store where it stands and read on from there; return the offset."""
        found = self._retried(lambda: self._sink.position(self.partition))
        if found is not None and found.topic_id != self._topic_id:
            raise TopicReplaced(
                f"the store was filled from topic id {found.topic_id}, the topic is now "
                f"{self._topic_id}: wipe the store, or point it to the topic it knows"
            )
        at = found or Position.start(self._topic_id)
        self._stored = found
        self._reader = SealReader(self.partition, self._decode, at.sequence, at.chain)
        self._groups, self._waiting = [], 0
        self.position = at.next_offset
        return at.next_offset

    def run(self) -> None:
        """Work until told to stop; an exception is a bug and halts the partition."""
        quiet_since = time.monotonic()
        while not self._stop.is_set():
            busy, now = self.turn(), time.monotonic()
            if busy:
                quiet_since = now
            elif now - quiet_since >= IDLE_CHECK_S:
                self.look()
                quiet_since = now

    def turn(self) -> bool:
        """Read what is queued, write what waited long enough; False when nothing is at hand."""
        records = self._take()
        for offset, value, chain in records:
            self._read(offset, value, chain)
        if self._waiting >= self._limits.batch_decisions or self._lingered():
            self._flush()
        return bool(records or self._waiting)

    def _lingered(self) -> bool:
        """Whether what waits has waited long enough; with more at hand the batch is filled."""
        waited = bool(self._waiting) and not self._queue
        return waited and time.monotonic() - self._since >= self._linger

    def look(self) -> None:
        """See whether the store still stands where we left it, when nothing else tells."""
        if self._retried(lambda: self._sink.position(self.partition)) != self._stored:
            log.warning(
                "partition %d: the store stands elsewhere; reading from there", self.partition
            )
            self._move()

    def _take(self) -> list[Record]:
        with self._guard:
            if not self._queue:
                self._guard.wait(self._linger)
            count = min(len(self._queue), RECORDS_PER_TAKE)
            records = [self._queue.popleft() for _ in range(count)]
            self._bytes -= sum(len(value) for _, value, _ in records)
        return records

    def _read(self, offset: int, value: bytes, chain: bytes | None) -> None:
        voided = self._reader.voided
        group = self._reader.take(offset, value, chain)
        if self._reader.voided > voided:
            log.warning(
                "partition %d: dropped a void group below offset %d", self.partition, offset
            )
        if group is not None:
            if not self._groups:
                self._since = time.monotonic()
            self._groups.append(group)
            self._waiting += len(group.decisions)

    def _flush(self) -> None:
        last = self._groups[-1]
        batch = Batch(
            self.partition,
            [decision for group in self._groups for decision in group.decisions],
            self._stored,
            Position(last.next_offset, last.last_sequence, last.chain, self._topic_id),
        )
        began = time.monotonic()
        try:
            self._retried(lambda: self._sink.write(batch))
        except StoreMoved as moved:
            log.warning("partition %d: %s; reading from there", self.partition, moved)
            # Two writers of one partition must not push each other back in step.
            self._stop.wait(wait_s(4, f"{id(self)}/{batch.after.next_offset}"))
            self._move()
            return
        usual = self._limits.linger_s
        self._linger = min(max(usual, time.monotonic() - began), LINGERS_MAX * usual)
        self._stored = batch.after
        self.position = batch.after.next_offset
        self.written += len(batch.decisions)
        self._groups, self._waiting = [], 0

    def _move(self) -> None:
        offset = self.locate()
        with self._guard:
            self._queue.clear()
            self._bytes = 0
            self._rewind = offset

    def _retried(self, act: Callable[[], T]) -> T:
        """Try until the store answers; raises `Stopped` when told to stop meanwhile."""
        attempt = 0
        while True:
            try:
                return act()
            except StoreAway as away:
                attempt += 1
                self.retries += 1
                if (
                    attempt & (attempt - 1) == 0
                ):  # 1, 2, 4, ... so that a long outage stays readable
                    log.warning("partition %d: attempt %d: %s", self.partition, attempt, away)
            if self._stop.wait(wait_s(attempt, f"{self.partition}")):
                raise Stopped


class Stopped(Exception):
    """The process is to end while a store is away; nothing is lost, the log is read again."""
