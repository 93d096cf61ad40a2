"""A simulated worker: a machine with disks, and the processes that run on it one after the other.

Owns: the ports of each partition, the answers to what a runner asks of its host.
Never: decides what strikes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from ops.simulate.coordinator import Coordinator
from ops.simulate.disk import VirtualDisk, VirtualStore
from ops.simulate.gate import Driver, Gate
from ops.simulate.group import Group
from ops.simulate.lane import Deliver, Lane
from ops.simulate.process import Process
from ops.simulate.producer import VirtualTransactions
from ops.simulate.reader import Logs, VirtualBroker
from ops.simulate.snapshots import VirtualPlace, VirtualSnapshots
from ops.simulate.strands import KilledError
from streams.runtime.assembly import transactional_id
from streams.runtime.attempts import Attempts
from streams.runtime.halt import HaltFile
from streams.runtime.job import Job, Positions
from streams.runtime.limits import Limits
from streams.runtime.partition import PartitionRunner
from streams.runtime.ports import Ports, Ticket

ENVIRONMENT: Final = "sim"


@dataclass(frozen=True, slots=True)
class Cluster:
    """What every worker of a simulation shares."""

    driver: Driver
    logs: Logs
    coordinator: Coordinator
    group: Group
    job: Job
    partitions: int
    limits: Limits
    wall_us: Callable[[], int]
    draw: Callable[[int], int]
    deliver: Deliver
    places: Mapping[int, VirtualPlace]


@final
class WorkerClock:
    """Virtual time, as one machine's clock shows it; satisfies `Clock`."""

    def __init__(self, gate: Gate, wall_us: Callable[[], int], skew_us: int) -> None:
        self._gate: Final = gate
        self._wall_us: Final = wall_us
        self._skew_us: Final = skew_us

    def wall_us(self) -> int:
        """Microseconds since the epoch."""
        return self._wall_us() + self._skew_us

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self._gate.driver.now

    def cpu(self) -> float:
        """Seconds of CPU: free of charge here."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._gate.sleep(seconds)


@final
class LivingAttempts:
    """The shipped count of deaths; a dead process writes nothing more into its file."""

    def __init__(self, attempts: Attempts, process: Process) -> None:
        self._attempts: Final = attempts
        self._process: Final = process

    def opening(self, positions: Positions, /) -> None:
        """Inputs from these positions on are about to be decided."""
        self._living().opening(positions)

    def closed(self) -> None:
        """Decided, or given up in good order."""
        self._living().closed()

    def reset(self) -> None:
        """A person released the partition."""
        self._living().reset()

    def close(self) -> None:
        """Give the file back, dead or alive: the operating system would."""
        self._attempts.close()

    def _living(self) -> Attempts:
        if self._process.dead:
            self._attempts.close()
            raise KilledError(self._process.name)
        return self._attempts


@final
class Machine:
    """What outlives a process: disks and files."""

    def __init__(self, name: str, folder: Path, skew_us: int) -> None:
        self.name: Final = name
        self.folder: Final = folder
        self.skew_us: Final = skew_us
        self.disks: Final[defaultdict[int, VirtualDisk]] = defaultdict(VirtualDisk)
        self.starts = 0
        self.worker: Worker | None = None

    def partition_folder(self, partition: int) -> Path:
        """Return where the halt file and the count of deaths of a partition lie."""
        return self.folder / str(partition)


@final
class Worker:
    """One process of a machine: satisfies `Host` and `Member`."""

    def __init__(self, cluster: Cluster, machine: Machine, process: Process) -> None:
        self.machine: Final = machine
        self.process: Final = process
        self.lanes: dict[int, Lane] = {}
        self.stopping = False
        self._cluster: Final = cluster
        self._epoch = 0
        self._generation = -1

    # The group's side.

    @property
    def awake(self) -> bool:
        """Say whether it sends heartbeats."""
        return self.process.awake

    @property
    def machine_name(self) -> str:
        """Return the name of its machine."""
        return self.machine.name

    def revoke(self) -> None:
        """Begin a new epoch; every lane comes to its end."""
        self._epoch += 1
        for lane in self.lanes.values():
            lane.revoking = True

    def revoked(self) -> bool:
        """Say whether every lane has ended."""
        self.process.strands[:] = [each for each in self.process.strands if not each.done]
        return not self.process.strands

    def assigned(self, generation: int, partitions: list[int]) -> None:
        """Start a lane for each partition, retained ones too."""
        self._generation = generation
        self._epoch += 1
        self.lanes = {}
        for number in partitions:
            self.lanes[number] = Lane(
                number, self._epoch, self._cluster.logs, self._cluster.deliver
            )
            self._start(self.lanes[number])

    def _start(self, lane: Lane) -> None:
        def work(gate: Gate) -> None:
            lane.run(self._runner(lane.number, gate), self._generation, gate)

        self.process.spawn(f"p{lane.number}", work)

    def _runner(self, number: int, gate: Gate) -> PartitionRunner:
        cluster, machine = self._cluster, self.machine
        job, folder = cluster.job, machine.partition_folder(number)
        ports = Ports(
            transactions=VirtualTransactions(
                gate,
                cluster.coordinator,
                transactional_id(ENVIRONMENT, job.name, number),
                (job.log.name, number),
                cluster.wall_us,
                cluster.draw,
            ),
            broker=VirtualBroker(cluster.logs, gate),
            open_store=lambda: VirtualStore(machine.disks[number], gate),
            clock=WorkerClock(gate, cluster.wall_us, machine.skew_us),
            host=self,
            halt_file=HaltFile(folder),
            attempts=LivingAttempts(Attempts(folder, cluster.limits.deaths), self.process),
            passing=lambda point: gate.io(point, lambda: None),
            snapshots=VirtualSnapshots(cluster.places[number], machine.disks[number], gate),
        )
        return PartitionRunner(job, number, ports, cluster.limits)

    # What a runner asks of its host.

    def ready(self, partition: int, ticket: Ticket, positions: Positions) -> None:
        """Seek, unless the epoch is old."""
        if self.holds(partition, ticket.epoch):
            self.lanes[partition].seek(ticket, positions)

    def holds(self, partition: int, epoch: int) -> bool:
        """Say whether the epoch is the current one, as far as this process knows."""
        return partition in self.lanes and epoch == self._epoch

    def generation_confirmed(self, epoch: int, since: float) -> bool:
        """Say whether the group has confirmed the epoch's generation."""
        group = self._cluster.group
        return epoch == self._epoch and group.confirmed(self, self._generation, since)

    def room(self, partition: int) -> None:
        """The lane looks by itself."""
