"""The crew: every machine, its processes, their deaths and starts.

Owns: what a supervisor does: start again after a while, release a partition that died too often.
Never: saves anybody. A process that is unsure ends, and the log decides what happened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol, final

from ops.simulate.process import Process
from ops.simulate.worker import Cluster, Machine, Worker
from streams.runtime.errors import ProducerLostError, UnsureError
from streams.runtime.halt import HaltFile

RESTART_S: Final = (0.2, 1.5)
NOTICE_S: Final = 0.4  # until the next heartbeat tells a woken zombie that it is none of the group
SKEW_US: Final = 150_000
# The only halt that deaths alone may cause; any other says that something is wrong.
DIED_TOO_OFTEN: Final = "CrashLoopError"


class Surroundings(Protocol):
    """What the crew needs of the world."""

    def draw(self, below: int) -> int:
        """Draw a number."""
        ...

    def find(self, what: str) -> None:
        """Note that an invariant is broken."""
        ...


@final
class Crew:
    """The machines of a simulation."""

    def __init__(self, world: Surroundings, cluster: Cluster, folder: Path, workers: int) -> None:
        self.zombies = 0  # woken after somebody else had their partitions
        self._world: Final = world
        self._cluster: Final = cluster
        self.machines: Final[list[Machine]] = []
        for number in range(workers):
            skew_us = world.draw(2 * SKEW_US) - SKEW_US
            self.machines.append(Machine(f"w{number}", folder / f"w{number}", skew_us))
        for machine in self.machines:
            self.start(machine)

    @property
    def workers(self) -> list[Worker]:
        """Return every worker process there is, paused ones too."""
        return [each.worker for each in self.machines if each.worker is not None]

    @property
    def processes(self) -> list[Process]:
        """Return them as processes."""
        return [worker.process for worker in self.workers]

    def owner(self, partition: int) -> Machine | None:
        """Return the machine that works on a partition now."""
        for worker in self.workers:
            if worker.awake and partition in worker.lanes and self._cluster.group.knows(worker):
                return worker.machine
        return None

    def may_raise(self, error: BaseException) -> bool:
        """Say whether a runner may end its process by this error."""
        return isinstance(error, UnsureError | ProducerLostError)

    def start(self, machine: Machine) -> None:
        """Start the next process of a machine."""
        machine.starts += 1

        def died(process: Process, *, power: bool) -> None:
            self._died(machine, process, power=power)

        process = Process(self._cluster.driver, f"{machine.name}.{machine.starts}", died)
        machine.worker = Worker(self._cluster, machine, process)
        self._cluster.group.join(machine.worker)

    def leave(self, machine: Machine) -> None:
        """Stop a worker in good order; it comes back after a while."""
        if machine.worker is not None and machine.worker.awake:
            machine.worker.stopping = True
            machine.worker.revoke()

    def kill(self, machine: Machine) -> None:
        """Kill a worker between two operations, also one that sleeps."""
        if machine.worker is not None:
            machine.worker.process.die()
            machine.worker.process.bury()

    def tick(self) -> None:
        """Let processes find out what they are: gone from the group, stopped, halted."""
        group = self._cluster.group
        for worker in self.workers:
            if worker.awake and worker.stopping and worker.revoked():
                group.leave(worker)
                worker.process.die()
                worker.process.bury()
            elif worker.stopping or not worker.awake or group.knows(worker):
                continue
            elif self._cluster.driver.now - worker.process.asleep_until >= NOTICE_S:
                self.zombies += 1
                worker.process.die()
                worker.process.bury()
        for machine in self.machines:
            self._look_for_halts(machine)

    def _died(self, machine: Machine, process: Process, *, power: bool) -> None:
        for disk in machine.disks.values():
            if disk.owner is process:
                disk.owner = None
            if power:
                disk.lose(self._world.draw(disk.unsynced + 1))
        machine.worker = None
        low, high = RESTART_S
        wait_s = low + self._world.draw(1_000) / 1_000 * (high - low)
        self._cluster.driver.later(wait_s, lambda: self.start(machine))

    def _look_for_halts(self, machine: Machine) -> None:
        for partition in range(self._cluster.partitions):
            halt = HaltFile(machine.partition_folder(partition))
            if not halt.exists():
                continue
            said = halt.read()
            if said["error"] != DIED_TOO_OFTEN:
                self._world.find(f"{machine.name} halted partition {partition}: {said['message']}")
            halt.remove()
