"""Crash points: one stroke at one named boundary of a run that is otherwise known.

Owns: the boundaries a run passes, and the plan that strikes one of them and chooses the successor.
Never: names a boundary by hand: they are recorded from runs, so a new one is found by itself.

A run of a seed is the same up to the stroke, so the boundary is struck exactly where it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, final

from ops.simulate.adversary import Adversary
from ops.simulate.blows import Blow, Harm, Moment
from ops.simulate.gate import Gate
from ops.simulate.group import SESSION_S
from ops.simulate.schedule import SINK
from ops.simulate.world import World
from streams.runtime.ports import HandOver

SHORT_S: Final = 2.6  # past the transaction timeout, inside the session
LONG_S: Final = SESSION_S + 2.0
SOON_S: Final = 0.5  # nobody has taken over yet
LATE_S: Final = SESSION_S + 1.0  # somebody has
NEVER: Final = 1_000_000  # requests


class Phase(StrEnum):
    """What a strand is about when it passes a boundary."""

    RECOVERY = "recovery"
    RUNNING = "running"
    SINK = "sink"


class Successor(StrEnum):
    """Who goes on with the partition, or the store."""

    SAME = "same owner"
    OTHER = "new owner"


class Boundary(NamedTuple):
    """One kind of I/O operation in one phase."""

    phase: Phase
    operation: str

    @property
    def text(self) -> str:
        """Return it for a person."""
        return f"{self.phase}: {self.operation}"


class Passed(NamedTuple):
    """Where a boundary was passed: the number counts every operation of a run, points too."""

    boundary: Boundary
    number: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """One cell of the table."""

    moment: Moment
    harm: Harm
    successor: Successor

    def blow(self) -> Blow:
        """Return the blow of it: a request on its way lands before the successor's, or after."""
        other = self.successor is Successor.OTHER
        pause_s, late_s = (LONG_S, LATE_S) if other else (SHORT_S, SOON_S)
        return Blow(self.moment, self.harm, pause_s, late_s, NEVER)


STROKES: Final = tuple(
    Stroke(moment, harm, successor)
    for moment in Moment
    for harm in (Harm.KILL, Harm.PAUSE)
    for successor in Successor
)


@final
class CrashPlan:
    """Satisfies `Plan`: an adversary's faults, every boundary noted, and one more stroke."""

    def __init__(
        self, adversary: Adversary, at: Passed | None = None, stroke: Stroke | None = None
    ) -> None:
        self.passed: Final[list[Passed]] = []
        self.struck: tuple[str, int] | None = None  # machine and partition
        self.successors: Final[list[str]] = []  # machines that were given it afterwards
        self._adversary: Final = adversary
        self._at: Final = at
        self._stroke: Final = stroke
        self._running: Final[set[Gate]] = set()

    def blow(self, step: int, operation: str, gate: Gate) -> Blow | None:
        """Note the boundary; strike it when it is the one."""
        boundary = self._boundary(operation, gate)
        here = Passed(boundary, len(self.passed))
        self.passed.append(here)
        machine = gate.process.name.split(".")[0]
        if self.struck is not None:
            return None
        if self._at is not None and self._stroke is not None and here.number == self._at.number:
            assert boundary == self._at.boundary, "the run is not the one that was recorded"
            number = -1 if boundary.phase is Phase.SINK else int(gate.place[1:])
            self.struck = machine, number
            return self._stroke.blow()
        return self._adversary.blow(step, operation, gate)

    def deliver(self, process: str, hand_over: HandOver) -> tuple[list[HandOver], list[HandOver]]:
        """As the adversary has it, until the stroke."""
        if self.struck is not None:
            return [hand_over], []
        return self._adversary.deliver(process, hand_over)

    def assign(self, machines: list[str], shares: list[list[int]]) -> list[list[int]]:
        """After the stroke, give the struck partition to the successor that is wanted."""
        if self.struck is None or self._stroke is None or self.struck[1] < 0:
            return shares
        machine, number = self.struck
        same = self._stroke.successor is Successor.SAME
        wanted = [each for each in range(len(machines)) if (machines[each] == machine) is same]
        if wanted:
            for share in shares:
                if number in share:
                    share.remove(number)
            shares[wanted[0]].append(number)
            self.successors.append(machines[wanted[0]])
        return [sorted(share) for share in shares]

    def tick(self, world: World) -> None:
        """As the adversary has it, until the stroke."""
        if self.struck is None:
            self._adversary.tick(world)

    def _boundary(self, operation: str, gate: Gate) -> Boundary:
        if operation in SINK:
            return Boundary(Phase.SINK, operation)
        if operation in {"fence", "store.open"}:
            self._running.discard(gate)
        elif operation in {"fetch", "store.scan"}:  # timers are looked for, or inputs
            self._running.add(gate)
        phase = Phase.RUNNING if gate in self._running else Phase.RECOVERY
        return Boundary(phase, operation)
