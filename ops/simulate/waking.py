"""Waking: a zombie goes on with its transaction at every step of its successor's recovery.

Owns: the plan that stops an owner before a transaction, and lets it go on while its successor is
held at one operation of its recovery.
Never: strikes anything else; these runs have no other fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from ops.simulate.blows import Blow, Harm, Moment
from ops.simulate.crew import NOTICE_S
from ops.simulate.gate import Gate
from ops.simulate.process import Process
from ops.simulate.run import judge, world_of
from ops.simulate.world import LOCAL, Shape, World
from streams.runtime.crashpoints import MID_STEP
from streams.runtime.ports import HandOver

SEED: Final = 12  # its successor has a group to fold and to send again
SHAPE: Final = Shape(partitions=2, workers=2)
STOP_AFTER_STEPS: Final = 150
STEPS_MAX: Final = 1_500
STEPS_AFTER: Final = 60
ASLEEP_S: Final = 60.0  # until it is woken
HELD_S: Final = NOTICE_S  # as long as a woken zombie stays unaware of the new generation
RECOVERY_MAX: Final = 100  # operations


@final
class WakePlan:
    """Satisfies `Plan`: wakes the zombie at the successor's operation number `at`."""

    def __init__(self, at: int) -> None:
        self.operation = ""  # at which the successor was held
        self.recovered = False  # the successor has come to its end
        self.zombie: Gate | None = None
        self._at: Final = at
        self._passed = 0
        self._last: Final[dict[Gate, str]] = {}

    def blow(self, step: int, operation: str, gate: Gate) -> Blow | None:
        """Stop the owner before a transaction, then hold its successor and wake it."""
        if self.zombie is None:
            first = operation == "begin" and self._last.get(gate) == MID_STEP
            self._last[gate] = operation
            if step < STOP_AFTER_STEPS or not first:
                return None
            self.zombie = gate
            return Blow(Moment.BEFORE, Harm.PAUSE, ASLEEP_S)
        if gate.place != self.zombie.place or gate.process is self.zombie.process:
            return None
        if self.operation or self.recovered or operation in LOCAL:
            return None
        self.recovered = operation == "fetch"
        self._passed += 1
        if self._passed <= self._at or self.recovered:
            return None
        self.operation = operation
        process = self.zombie.process
        assert isinstance(process, Process), "a worker's"
        process.asleep_until = gate.driver.now
        return Blow(Moment.BEFORE, Harm.PAUSE, HELD_S)

    def deliver(self, process: str, hand_over: HandOver) -> tuple[list[HandOver], list[HandOver]]:
        """Deliver it."""
        del process
        return [hand_over], []

    def assign(self, machines: list[str], shares: list[list[int]]) -> list[list[int]]:
        """Leave it as it was drawn."""
        del machines
        return shares

    def tick(self, world: World) -> None:
        """Nothing happens to the world at large."""


@dataclass(frozen=True, slots=True)
class Woken:
    """One run: where the successor stood, and what came of it."""

    number: int
    operation: str
    findings: tuple[str, ...]


def every_wake() -> Iterator[Woken]:
    """Run once for each operation of the recovery."""
    for number in range(RECOVERY_MAX):
        plan = WakePlan(number)
        with world_of(SEED, SHAPE, plan) as world:
            while not (plan.operation or plan.recovered or world.findings):
                assert world.steps < STEPS_MAX, "nobody took over"
                world.turn()
            if plan.recovered:
                return
            world.run(world.steps + STEPS_AFTER)
            judge(world)
            yield Woken(number, plan.operation, tuple(world.findings))
