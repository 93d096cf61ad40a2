"""Recovery of one partition, step by step: what the log says is true, and nothing else.

Owns: the order fence -> bound -> replay -> re-send -> store -> positions, and its checks.
Never: goes on with part of a log, or reads the bound before the predecessor is fenced.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from streams.runtime.applied import applied_bytes, read_applied
from streams.runtime.crashpoints import MID_RECOVERY
from streams.runtime.errors import InputLostError, LogMismatchError, StalledError
from streams.runtime.halt import guarded
from streams.runtime.job import Job, LogRecord, PartitionJob, Positions
from streams.runtime.limits import Limits
from streams.runtime.metrics import Meter
from streams.runtime.overlay import APPLIED_KEY, OverlayState
from streams.runtime.pipeline import send_outputs
from streams.runtime.ports import Ports, Store, share_of

LOG = logging.getLogger(__name__)


class RevokedError(Exception):
    """The partition was taken away in the middle: not an error, only the way out."""


class Recovered:
    """A partition that may go on: its bound job, its tables, its inputs' positions."""

    def __init__(
        self, job: PartitionJob, overlay: OverlayState, positions: Positions, log_topic_id: str
    ) -> None:
        self.job: Final = job
        self.overlay: Final = overlay
        self.positions: Final = positions
        self.log_topic_id: Final = log_topic_id


def warmed(store: Store, ports: Ports, log: str) -> Store:
    """Return the store, or a snapshot in its place: a fold of the same log that somebody made."""
    snapshots, applied = ports.snapshots, 0
    if snapshots is None:
        return store
    topic_id, data = ports.broker.topic_id(log), store.get(APPLIED_KEY)
    if data is not None:
        followed, applied, _ = read_applied(data)
        if followed != topic_id:
            return store  # recovery says what is wrong
    if not snapshots.fetch(topic_id, applied):
        return store
    store.close()
    snapshots.swap()
    return ports.open_store()


class Recovery:
    """One attempt to recover. Make a new one for the next attempt."""

    def __init__(
        self, job: Job, partition: int, ports: Ports, limits: Limits, meter: Meter
    ) -> None:
        self._job: Final = job
        self._partition: Final = partition
        self._transactions: Final = ports.transactions
        self._broker: Final = ports.broker
        self._clock: Final = ports.clock
        self._passing: Final = ports.passing
        self._sharers: Final = ports.sharers
        self._limits: Final = limits
        self._meter: Final = meter
        self._topic_id = ""
        self._applied_offset = 0
        self._positions: Positions = {}
        self._due = False  # the store is to have every group but the one folded next

    def run(self, store: Store, wanted: Callable[[], bool]) -> Recovered:
        """Recover, or raise why not."""
        self._wanted, began = wanted, self._clock.monotonic()
        cached_rows = self._limits.cached_rows
        self._overlay = OverlayState(self._job.tables, store, cached_rows, self._sharers)
        self._bound = self._job.open(self._overlay, self._partition)
        # 1. Fence: from here on no predecessor can commit, and what it left open is aborted.
        self._check_wanted()
        self._transactions.fence()
        fenced = self._clock.monotonic()
        # 2. The bound, uncommitted records included: a commit in flight is not missed.
        self._topic_id = self._broker.topic_id(self._job.log.name)
        first, bound = self._bounds(self._job.log.name)
        # 3. Where the store stands, and whether that fits the log.
        self._read_applied(store.get(APPLIED_KEY), first, bound)
        # 4. Fold what it misses. The last group stays out of the store until 6.
        before = self._meter.replayed
        folded = self._replay(bound)
        replayed = self._clock.monotonic()
        # 5. A transaction may have ended half-way: send the last group's outputs again.
        if folded:
            self._resend()
            # 6. Only now the store may say that this group is done.
            self._overlay.fold()
            self._overlay.flush(self._applied_row())
        # 7. Where every input goes on.
        positions = {topic.name: self._position(topic.name) for topic in self._job.inputs}
        self._meter.recoveries += 1
        self._meter.recovery_s = self._clock.monotonic() - began
        self._meter.lap("recovery")
        LOG.info(
            "partition %d: fenced after %.2f s, %d records folded after %.2f s, open after %.2f s",
            self._partition,
            fenced - began,
            self._meter.replayed - before,
            replayed - began,
            self._clock.monotonic() - began,
        )
        return Recovered(self._bound, self._overlay, positions, self._topic_id)

    def _check_wanted(self) -> None:
        if not self._wanted():
            raise RevokedError

    def _read_applied(self, data: bytes | None, first: int, bound: int) -> None:
        log = f"{self._job.log.name}[{self._partition}]"
        if data is None:
            self._applied_offset = first
            if first > 0:
                raise LogMismatchError(
                    f"{log} starts at {first}, and there is no state to go on from"
                )
            return
        topic_id, self._applied_offset, self._positions = read_applied(data)
        if topic_id != self._topic_id:
            raise LogMismatchError(
                f"{log} is another topic ({self._topic_id}) than the one the local store "
                f"followed ({topic_id}): it was deleted and created again"
            )
        if not first <= self._applied_offset <= bound:
            raise LogMismatchError(
                f"{log} reaches from {first} to {bound}, but the local store has applied it up to "
                f"{self._applied_offset}: the log was truncated, or the store is ahead of it"
            )

    def _replay(self, bound: int) -> bool:
        """Fold every whole group up to the bound; say whether there was one."""
        if self._applied_offset >= bound:
            return False
        tail = self._broker.tail(self._job.log.name, self._partition, self._applied_offset)
        folded = False
        try:
            reached, since = tail.position(), self._clock.monotonic()
            while reached < bound:
                self._check_wanted()
                records = tail.take(self._limits.replay_records)
                self._meter.replayed += len(records)
                folded = guarded(partial(self._fold, records), "replay") or folded
                position, now = tail.position(), self._clock.monotonic()
                if position > reached:
                    reached, since = position, now
                elif now - since > self._limits.replay_stall_s:
                    raise self._stalled(reached, bound)
                self._passing(MID_RECOVERY)
        finally:
            tail.close()
        return folded

    def _fold(self, records: Sequence[LogRecord]) -> bool:
        """Give records to the job; the store follows in large writes, one group behind.

        Replay changes tables by whole groups only, so many of them may share one layer: what is
        changed is set apart when enough waits, and written when a further group was folded.
        """
        replay, overlay, folded = self._bound.replay, self._overlay, False
        rows = share_of(self._limits.replay_rows, self._sharers)
        for record in records:
            done = replay(record)
            if done is None:
                continue
            if self._due:
                overlay.flush(self._applied_row())
            self._applied_offset, self._positions = done.next_offset, done.positions
            self._due = overlay.waiting() >= rows
            if self._due:
                overlay.fold()
            folded = True
        return folded

    def _resend(self) -> None:
        outputs = guarded(lambda: self._bound.resend(self._broker.read_input), "resend")
        if outputs:
            self._transactions.begin()
            send_outputs(self._transactions, outputs, self._job.log.name)
            self._transactions.commit()

    def _position(self, topic: str) -> int:
        """Return where an input goes on; a topic never read starts at its first record."""
        first, end = self._bounds(topic)
        position = self._positions.get(topic)
        if position is None:
            return first
        if not first <= position <= end:
            raise InputLostError(
                f"{topic}[{self._partition}] reaches from {first} to {end}, but the next record to "
                f"decide is {position}: retention or a recreated topic took it"
            )
        return position

    def _bounds(self, topic: str) -> tuple[int, int]:
        first, end = self._broker.bounds(topic, self._partition)
        assert 0 <= first <= end, f"{topic} reaches from {first} to {end}: those are no offsets"
        return first, end

    def _stalled(self, reached: int, bound: int) -> StalledError:
        self._meter.alarms += 1
        return StalledError(
            f"replay of {self._job.log.name}[{self._partition}] stands at {reached}, short of "
            f"{bound}, for {self._limits.replay_stall_s:.0f} s"
        )

    def _applied_row(self) -> bytes:
        return applied_bytes(self._topic_id, self._applied_offset, self._positions)
