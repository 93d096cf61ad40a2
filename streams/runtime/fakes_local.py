"""The rest of a fake world: disk, clock, and a host that fetches from the fake broker.

Owns: what a worker has on its own side.
Never: loses what was written, as a page cache would not either when only the process dies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from eyes.trace import sampled_in
from streams.runtime.attempts import Attempts
from streams.runtime.crashpoints import Passing, unarmed
from streams.runtime.errors import StoreFailedError, StoreLockedError
from streams.runtime.fakes import FakeBroker, FakeCluster, FakeTransactions
from streams.runtime.halt import HaltFile
from streams.runtime.job import InputRecord, Job, Positions
from streams.runtime.limits import LIMITS, Limits
from streams.runtime.partition import PartitionRunner
from streams.runtime.ports import HandOver, Ports, Snapshots, Ticket
from streams.runtime.traced import TracedTransactions, Trails

FETCH_RECORDS: Final = 500


class FakeDisk:
    """The rows of one store; survives its process."""

    def __init__(self) -> None:
        self.rows: Final[dict[bytes, bytes]] = {}
        self.locked = False
        self.failing = False  # every read and write is refused
        self.writes = 0

    def open(self) -> FakeStore:
        """Open it, once at a time."""
        if self.locked:
            raise StoreLockedError("the fake disk is open already")
        self.locked = True
        return FakeStore(self)

    def check(self) -> None:
        """Refuse, when it is failing."""
        if self.failing:
            raise StoreFailedError("the fake disk fails")


class FakeStore:
    """Satisfies `Store`."""

    def __init__(self, disk: FakeDisk) -> None:
        self._disk: Final = disk

    def get(self, key: bytes) -> bytes | None:
        """Return the row under `key`."""
        self._disk.check()
        return self._disk.rows.get(key)

    def scan(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Return at most `limit` rows with start <= key < end, in order."""
        self._disk.check()
        keys = sorted(key for key in self._disk.rows if start <= key < end)
        return [(key, self._disk.rows[key]) for key in keys[:limit]]

    def write(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write all changes or none."""
        whole = list(changes)
        self._disk.check()
        for key, row in whole:
            if row is None:
                self._disk.rows.pop(key, None)
            else:
                self._disk.rows[key] = row
        self._disk.writes += 1

    def close(self) -> None:
        """Close; idempotent."""
        self._disk.locked = False
        self._disk.check()


class FakeClock:
    """Time that moves when told; satisfies `Clock`."""

    def __init__(self, wall_us: int = 1_700_000_000_000_000) -> None:
        self._wall_us = wall_us
        self._seconds = 100.0

    def wall_us(self) -> int:
        """Microseconds since the epoch."""
        return self._wall_us

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self._seconds

    def cpu(self) -> float:
        """Seconds of CPU: the fake world is free of charge."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds
        self._wall_us += int(seconds * 1_000_000)


class CrashedError(BaseException):
    """The process was killed here; whoever catches it makes the next one."""


class CrashAt:
    """Kills the process at the n-th pass of a point."""

    def __init__(self, point: str, occurrence: int = 1) -> None:
        self._point: Final = point
        self._left = occurrence

    def __call__(self, point: str, /) -> None:
        """Pass a point."""
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                raise CrashedError(point)


class FakeHost:
    """Fetches from the fake cluster the way a consumer does; satisfies `Host`."""

    def __init__(self, cluster: FakeCluster) -> None:
        self._cluster: Final = cluster
        self.epoch = 1
        self.confirms = True
        self.ticket = Ticket(0, 0)
        self.positions: dict[str, int] = {}
        self.readies = 0

    def ready(self, partition: int, ticket: Ticket, positions: Positions) -> None:
        """Seek."""
        del partition
        self.ticket, self.positions = ticket, dict(positions)
        self.readies += 1

    def holds(self, partition: int, epoch: int) -> bool:
        """Say whether the epoch is the current one."""
        del partition
        return epoch == self.epoch

    def generation_confirmed(self, epoch: int, since: float) -> bool:
        """Say what the test wants said."""
        del since
        return self.confirms and epoch == self.epoch

    def room(self, partition: int) -> None:
        """The fake fetches when it is asked to."""

    def fetch(self, runner: PartitionRunner, records: int = FETCH_RECORDS) -> bool:
        """Hand over what there is, one hand-over per topic; say whether there was any."""
        moved = False
        for topic in self.positions:
            if runner.has_room(topic):
                hand_over = self.next_hand_over(topic, runner.partition, records)
                if hand_over is not None:
                    runner.offer(hand_over)
                    moved = True
        return moved

    def next_hand_over(self, topic: str, partition: int, records: int) -> HandOver | None:
        """Fetch once from a topic, moving our position."""
        before = self.positions[topic]
        found = self._cluster.committed(topic, partition, before)[:records]
        end = self._cluster.stable_end((topic, partition))
        after = found[-1][0] + 1 if len(found) == records else end
        if after == before:
            return None
        self.positions[topic] = after
        return HandOver(
            topic=topic,
            partition=partition,
            ticket=self.ticket,
            before=before,
            records=[
                InputRecord(
                    topic,
                    partition,
                    at,
                    entry.time,
                    entry.key,
                    entry.value,
                    sampled_in(entry.headers),
                )
                for at, entry in found
            ],
            after=after,
        )


class FakeSnapshots:
    """Satisfies `Snapshots`: rows by log offset, one copy each time the store has moved on far."""

    def __init__(self, disk: FakeDisk, worth: int) -> None:
        self.copies: Final[dict[int, dict[bytes, bytes]]] = {}
        self.log_topic_id = ""
        self._disk: Final = disk
        self._worth: Final = worth

    def fetch(self, log_topic_id: str, applied: int) -> bool:
        """Say whether the newest copy is far ahead."""
        newest = max(self.copies, default=0)
        return log_topic_id == self.log_topic_id and newest - applied >= self._worth

    def swap(self) -> None:
        """Take the newest copy."""
        assert not self._disk.locked, "the store is closed before its files are replaced"
        self._disk.rows.clear()
        self._disk.rows.update(self.copies[max(self.copies)])

    def passed(
        self, log_topic_id: str, log_offset: int, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """Copy the rows, perhaps."""
        del headers
        self.log_topic_id = log_topic_id
        if log_offset - max(self.copies, default=0) >= self._worth:
            self.copies[log_offset] = dict(self._disk.rows)


class FakeWorker:
    """One worker's side of one partition: make a runner, crash it, make the next."""

    def __init__(
        self, cluster: FakeCluster, job: Job, folder: Path, limits: Limits = LIMITS
    ) -> None:
        self._cluster: Final = cluster
        self._job: Final = job
        self._folder: Final = folder
        self._limits: Final = limits
        self.clock: Final = FakeClock()
        self.disk: Final = FakeDisk()
        self.host: Final = FakeHost(cluster)
        self.passing: Passing = unarmed
        self.snapshots: Snapshots | None = None
        self.trails: Trails | None = None

    def runner(self, partition: int = 0) -> PartitionRunner:
        """Make the runner of a fresh process: whatever the last one had in memory is gone."""
        self.disk.locked = False
        log = self._job.log.name, partition
        fake = FakeTransactions(self._cluster, f"test-{self._job.name}-{partition}", log)
        trails = self.trails
        ports = Ports(
            transactions=TracedTransactions(fake, trails.of(partition)) if trails else fake,
            broker=FakeBroker(self._cluster, self.clock),
            open_store=self.disk.open,
            clock=self.clock,
            host=self.host,
            halt_file=HaltFile(self._folder),
            attempts=Attempts(self._folder, self._limits.deaths),
            passing=self.passing,
            snapshots=self.snapshots,
        )
        return PartitionRunner(self._job, partition, ports, self._limits)

    def started(self, partition: int = 0) -> PartitionRunner:
        """Make a runner and let it recover."""
        runner = self.runner(partition)
        runner.start(self.host.epoch, 1)
        runner.turn()
        return runner

    def work(self, runner: PartitionRunner, turns: int = 200) -> None:
        """Fetch and decide until nothing is left to do."""
        for _ in range(turns):
            moved = self.host.fetch(runner)
            wait = runner.turn()
            state = runner.status()["state"]
            if not moved and (
                state == "halted" or (state == "running" and wait >= self._limits.idle_s)
            ):
                return
            self.clock.sleep(min(wait, 1.0))
        raise AssertionError(f"still at work after {turns} turns: {runner.status()}")
