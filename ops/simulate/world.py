"""The world: one virtual clock, every log, every process, and what happens next.

Owns: the order of everything. A step is one I/O operation; between two steps anybody may run.
Never: draws from anything but its seed, or lets the shipped code know where it is.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Final, Protocol, final

from ops.auditor.auditor import Auditor
from ops.simulate.blows import Blow, Harm
from ops.simulate.coordinator import Coordinator, Place
from ops.simulate.crew import Crew
from ops.simulate.gate import Gate
from ops.simulate.group import Group
from ops.simulate.load import LEDGER, START_US, Load, policy
from ops.simulate.log import VirtualLog
from ops.simulate.process import Process
from ops.simulate.reader import record_at
from ops.simulate.sinking import Sinking
from ops.simulate.snapshots import VirtualPlace
from ops.simulate.stores import STORES
from ops.simulate.strands import Strand
from ops.simulate.trace import Trace
from ops.simulate.watch import Watch
from ops.simulate.worker import Cluster
from streams.runtime.crashpoints import POINTS
from streams.runtime.job import InputRecord
from streams.runtime.limits import LIMITS
from streams.runtime.ports import HandOver
from streams.wallet.genesis import genesis_ruleset
from streams.wallet.job import WalletJob
from topics.partitioning import partition_of

# Everything small, so that every bound is met within a run.
SMALL: Final = replace(
    LIMITS,
    group_records=5,
    group_timers=3,
    cached_rows=40,
    replay_records=7,
    replay_rows=12,
    replay_stall_s=3.0,
    confirm_s=1.5,
    idle_lag_us=200_000,
    retry_last_s=1.0,
)
MICROS: Final = 1_000_000
# Passed, and struck, but no I/O: they count no step.
LOCAL: Final = frozenset({*POINTS, "begin", "tail.open", "store.close"})
TICK_S: Final = 0.25
POUR_S: Final = 0.03
BACKLOG_MAX: Final = 60
LATENCY_S: Final = (0.001, 0.012)
PASS_THE_BATON: Final = 0.3


class Plan(Protocol):
    """What strikes; a schedule drawn from a seed, or one crash point."""

    def blow(self, step: int, operation: str, gate: Gate) -> Blow | None:
        """Return what strikes this operation."""
        ...

    def deliver(self, process: str, hand_over: HandOver) -> tuple[list[HandOver], list[HandOver]]:
        """Return what of a hand-over arrives now, and what later."""
        ...

    def assign(self, machines: list[str], shares: list[list[int]]) -> list[list[int]]:
        """Return the partitions of each machine, given what was drawn."""
        ...

    def tick(self, world: World) -> None:
        """Do to the world at large what is due."""
        ...


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a world is."""

    partitions: int = 3
    workers: int = 2
    load: int | None = None  # commands in all; None = as many as are answered


@final
class World:
    """Everything of one run; satisfies `Driver`."""

    def __init__(self, seed: int, shape: Shape, plan: Plan, folder: Path) -> None:
        self.seed: Final = seed
        self.shape: Final = shape
        self.plan: Final = plan
        self.now = 0.0
        self.steps = 0
        self.calm = False  # no more faults, no more load: come to rest
        self.findings: Final[list[str]] = []
        self.trace: Final = Trace()
        self.random: Final = Random(f"world/{seed}")  # noqa: S311 - a simulation, not a secret
        self._logs: Final[defaultdict[Place, VirtualLog]] = defaultdict(VirtualLog)
        self._events: Final[list[tuple[float, int, Callable[[], object]]]] = []
        self._numbered = 0
        self.coordinator: Final = Coordinator(self.log, lambda: self.now)
        self.group: Final = Group(shape.partitions, lambda: self.now, self._assigned)
        auditor = Auditor(
            partial(partition_of, partitions=shape.partitions), policy(), genesis_ruleset()
        )
        self.watch: Final = Watch(shape.partitions, self.log, auditor, self.read_input)
        self.load: Final = Load(seed, shape.partitions, self.log, self.wall_us, self.draw)
        self.job: Final = WalletJob(LEDGER, shape.partitions, policy())
        self.places: Final = {number: VirtualPlace() for number in range(shape.partitions)}
        cluster = Cluster(
            self,
            self.log,
            self.coordinator,
            self.group,
            self.job,
            shape.partitions,
            SMALL,
            self.wall_us,
            self.draw,
            lambda name, each: ([each], []) if self.calm else plan.deliver(name, each),
            self.places,
        )
        self.crew: Final = Crew(self, cluster, folder, shape.workers)
        self.sinking: Final = Sinking(self, STORES[seed % len(STORES)]())
        self.later(0.0, self._tick)
        self.later(0.0, self._pour)

    # What others ask of it.

    @property
    def partitions(self) -> int:
        """Return how many partitions there are."""
        return self.shape.partitions

    def log(self, place: Place) -> VirtualLog:
        """Return a partition's log."""
        return self._logs[place]

    def read_input(self, topic: str, partition: int, offset: int) -> InputRecord | None:
        """Return a committed record."""
        place = topic, partition
        log = self.log(place)
        return record_at(log, place, offset) if log.visible(offset, 1) == [offset] else None

    def wall_us(self) -> int:
        """Return the broker's time."""
        return START_US + int(self.now * MICROS)

    def draw(self, below: int) -> int:
        """Draw a number from 0 on."""
        return int(self.random.random() * below)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Do something after so many virtual seconds."""
        self._numbered += 1
        heapq.heappush(self._events, (self.now + seconds, self._numbered, act))

    def find(self, what: str) -> None:
        """Note that an invariant is broken."""
        self.findings.append(what)

    def step(self, gate: Gate, operation: str) -> Blow | None:
        """Count an operation, let time and others pass; say what strikes it."""
        strand = gate.strand
        if operation not in LOCAL:
            self.steps += 1
            low, high = LATENCY_S
            self.now += low + self.random.random() * (high - low)
            if self.random.random() < PASS_THE_BATON and strand is not None:
                strand.wake_at = self.now
                strand.rest()
        blow = None if self.calm else self.plan.blow(self.steps, operation, gate)
        name = f"{gate.process.name}/{gate.place}"
        self.trace.note(self.steps, self.now, name, operation, blow)
        if blow is not None and blow.harm is Harm.TEAR:
            self.coordinator.markers_late = 1 + self.draw(3)
            self.later(blow.late_s, self.coordinator.write_markers)
            return None
        return blow

    def _assigned(self, machines: list[str], partitions: int) -> list[list[int]]:
        numbers = list(range(partitions))
        self.random.shuffle(numbers)
        shares = [sorted(numbers[index :: len(machines)]) for index in range(len(machines))]
        return self.plan.assign(machines, shares)

    # The loop.

    def run(self, steps: int) -> None:
        """Run for so many steps, or until something is found."""
        while self.steps < steps and not self.findings:
            self.turn()

    def settle(self, rested: Callable[[], bool], seconds: float) -> bool:
        """No more faults and no more load: run until all is at rest; False when it never is."""
        self.calm = True
        until = self.now + seconds
        while self.now < until and not self.findings:
            if rested():
                return True
            reached = self.now + 1.0
            while self.now < reached and not self.findings:
                self.turn()
        return False

    def turn(self) -> None:
        """Let the next one act: an event that is due, or a strand that has something to do."""
        while self._events and self._events[0][0] <= self.now:
            heapq.heappop(self._events)[2]()
        strand, owner = self._next()
        if strand is None or owner is None:
            return
        strand.resume()
        if strand.error is not None:
            self._ended(owner, strand, strand.error)
        for process in [each for each in self._processes() if each.dead]:
            self._bury(process)

    def close(self) -> None:
        """End every strand."""
        for process in self._processes():
            process.dead = True
            for strand in process.strands:
                strand.kill()

    def _processes(self) -> list[Process]:
        return [*self.crew.processes, *self.sinking.processes]

    def _next(self) -> tuple[Strand | None, Process | None]:
        """Return a strand that may run; when there is none, time jumps to the next moment."""
        ready: list[tuple[Strand, Process]] = []
        moments = [self._events[0][0]]
        for process in self._processes():
            for strand in process.strands:
                at = max(strand.wake_at, process.asleep_until)
                if strand.done:
                    continue
                if at <= self.now:
                    ready.append((strand, process))
                else:
                    moments.append(at)
        if ready:
            return ready[self.draw(len(ready))]
        self.now = min(moments)
        return None, None

    def _ended(self, process: Process, strand: Strand, error: BaseException) -> None:
        """A strand ended by an exception: the process ends, unless that is a bug of ours."""
        strand.error = None
        self.trace.say(self.steps, self.now, strand.name, f"ends: {type(error).__name__}: {error}")
        if not (self.crew.may_raise(error) and process in self.crew.processes):
            self.find(f"{strand.name} ended: {type(error).__name__}: {error}")
        process.die()

    def _bury(self, process: Process) -> None:
        self.trace.say(self.steps, self.now, process.name, "is dead")
        process.bury()

    def _tick(self) -> None:
        self.coordinator.scan()
        self.crew.tick()
        self.group.tick()
        self.watch.look()
        self.findings.extend(self.watch.findings)
        self.watch.findings.clear()
        if not self.calm:
            self.plan.tick(self)
        self.later(TICK_S, self._tick)

    def _pour(self) -> None:
        enough = self.shape.load is not None and self.load.produced >= self.shape.load
        if not self.calm and not enough:
            if self.load.produced - self.watch.answered < BACKLOG_MAX:
                self.load.pour()
            self.later(POUR_S, self._pour)
