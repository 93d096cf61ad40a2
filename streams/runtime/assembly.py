"""Puts a partition together from its real parts.

Owns: which implementation stands behind each port, and what the partitions of a process share:
block cache, admin client, watchdog, crash points.
Never: reads the environment; what it needs is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas.access.kafka import Servers
from streams.runtime.attempts import Attempts
from streams.runtime.clock import SystemClock
from streams.runtime.crashpoints import crash_points, unarmed
from streams.runtime.exposed import exposed
from streams.runtime.halt import HaltFile
from streams.runtime.job import Job
from streams.runtime.kafka import KafkaBroker
from streams.runtime.kafka_producer import KafkaTransactions
from streams.runtime.limits import LIMITS, Limits
from streams.runtime.partition import PartitionRunner
from streams.runtime.ports import Host, Ports, Transactions
from streams.runtime.snapshot_place import SnapshotPlace, folder_of
from streams.runtime.snapshots import Pace, PartitionSnapshots, Writer
from streams.runtime.store import RocksStore, StoreRoot
from streams.runtime.traced import TracedTransactions, Trails
from streams.runtime.watchdog import Expired, Watchdog


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """Where the broker is, who we are, where our state lies."""

    servers: Servers
    environment: str  # first part of every transactional id
    worker: str
    state: Path  # holds one folder per worker
    snapshots: str = ""  # address of the shared place, as fsspec reads it; empty: none
    snapshot_records: int = 10_000  # between two snapshots


def transactional_id(environment: str, job: str, partition: int) -> str:
    """Return the one name under which a partition writes, whoever owns it."""
    return f"{environment}-{job}-{partition}"


class Assembly:
    """Everything the partitions of one worker process share."""

    def __init__(
        self,
        settings: RuntimeSettings,
        expired: Expired,
        environ: Mapping[str, str],
        limits: Limits = LIMITS,
    ) -> None:
        self.settings: Final = settings
        self.limits: Final = limits
        self.clock: Final = SystemClock()
        self.watchdog: Final = Watchdog(self.clock, expired)
        self.root: Final = StoreRoot(settings.state / settings.worker)
        self._broker: Final = KafkaBroker(settings.servers, self.clock)
        self._passing: Final = crash_points(environ)
        self._snapshot_writer: Final = Writer()

    def runner(
        self, job: Job, partition: int, host: Host, trails: Trails | None = None
    ) -> PartitionRunner:
        """Make the runner of one assignment of a partition."""
        name = transactional_id(self.settings.environment, job.name, partition)
        folder = self.root.partition_folder(job.name, partition)
        snapshots = self._snapshots(job.name, partition)

        opened: list[RocksStore] = []  # the last one

        def open_store() -> RocksStore:
            if snapshots is not None:
                snapshots.opening()
            opened[:] = [self.root.open(job.name, partition)]
            return opened[0] if snapshots is None else snapshots.opened(opened[0])

        def gauges() -> dict[str, object]:
            counted: dict[str, object] = {} if snapshots is None else snapshots.gauges()
            return {**counted, "state_rows": opened[0].rows()}

        ports = Ports(
            transactions=self._transactions(name, (job.log.name, partition), trails),
            broker=self._broker,
            open_store=open_store,
            clock=self.clock,
            host=host,
            halt_file=HaltFile(folder),
            attempts=Attempts(folder, self.limits.deaths),
            passing=self._passing,
            snapshots=snapshots,
            sharers=self.root.open_stores,
            gauges=gauges,
        )
        if self._passing is not unarmed:
            ports = exposed(ports, self._passing)
        return PartitionRunner(job, partition, ports, self.limits)

    def _transactions(self, name: str, log: tuple[str, int], trails: Trails | None) -> Transactions:
        watch = self.watchdog.watch(name)
        real = KafkaTransactions(self.settings.servers, name, log, self.clock, watch)
        return real if trails is None else TracedTransactions(real, trails.of(log[1]))

    def _snapshots(self, job: str, partition: int) -> PartitionSnapshots | None:
        url, environment = self.settings.snapshots, self.settings.environment
        if not url:
            return None

        def place_of(log_topic_id: str) -> SnapshotPlace:
            of_log = folder_of(log_topic_id)
            return SnapshotPlace(url, environment, job, str(partition), of_log)

        folder = self.root.partition_folder(job, partition)
        pace = Pace(self.settings.snapshot_records, self.clock)
        return PartitionSnapshots(place_of, folder, self._snapshot_writer, pace, self._passing)

    def status_file(self) -> Path:
        """Return where the worker's status is written."""
        return self.root.folder / "status.json"
