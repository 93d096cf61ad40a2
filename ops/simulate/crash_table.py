"""The crash table: every boundary that runs pass, struck in every way, each a run of its own.

Owns: which boundaries there are, one run per cell, and how much of the table was covered.
Never: calls a cell covered whose stroke did not fall, or whose successor was another than it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ops.simulate.adversary import Adversary
from ops.simulate.blows import Harm, Moment
from ops.simulate.crashing import STROKES, Boundary, CrashPlan, Passed, Stroke, Successor
from ops.simulate.run import judge, world_of
from ops.simulate.schedule import Schedule, drawn
from ops.simulate.world import Shape

SHAPE: Final = Shape(partitions=2, workers=2)
BASES: Final = tuple(range(16))  # seeds whose runs together pass every boundary
STEPS: Final = 400
STEPS_AFTER: Final = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """One run: a boundary, a stroke, and what came of it."""

    boundary: Boundary
    stroke: Stroke
    covered: bool
    findings: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return how it came out, in a word."""
        if self.findings:
            return "BROKEN"
        return "held" if self.covered else "MISSED"


def boundaries(bases: Sequence[int] = BASES) -> dict[Boundary, list[tuple[int, Passed]]]:
    """Return every boundary that the base runs pass, and where."""
    found: dict[Boundary, list[tuple[int, Passed]]] = {}
    for seed in bases:
        plan = _plan(seed)
        with world_of(seed, SHAPE, plan) as world:
            world.run(STEPS)
        for passed in plan.passed:
            found.setdefault(passed.boundary, []).append((seed, passed))
    return dict(sorted(found.items()))


def table(
    found: Mapping[Boundary, list[tuple[int, Passed]]], wanted: Iterable[Boundary] | None = None
) -> Iterator[Cell]:
    """Run every cell; each boundary where it is passed half-way through the base runs."""
    for boundary in found if wanted is None else wanted:
        places = found[boundary]
        seed, passed = places[len(places) // 2]
        for stroke in STROKES:
            yield struck(seed, passed, stroke)


def struck(seed: int, passed: Passed, stroke: Stroke) -> Cell:
    """Run a seed up to a boundary, strike, and see what comes of it."""
    plan = _plan(seed, passed, stroke)
    with world_of(seed, SHAPE, plan) as world:
        while plan.struck is None and world.steps < 2 * STEPS and not world.findings:
            world.turn()
        world.run(world.steps + STEPS_AFTER)
        judge(world)
        return Cell(passed.boundary, stroke, _covered(plan, stroke), tuple(world.findings))


def rows(cells: Iterable[Cell]) -> list[dict[str, str]]:
    """Return the table for a person: a row per boundary, a column per stroke."""
    by_boundary: dict[Boundary, dict[str, str]] = {}
    for cell in cells:
        row = by_boundary.setdefault(cell.boundary, {"boundary": cell.boundary.text})
        row[_title(cell.stroke)] = cell.text
    return list(by_boundary.values())


def _title(stroke: Stroke) -> str:
    harm = "kill" if stroke.harm is Harm.KILL else "zombie"
    moment = "lost" if stroke.moment is Moment.UNKNOWN else stroke.moment
    return f"{harm}\n{moment}\n{'same' if stroke.successor is Successor.SAME else 'new'}"


def _covered(plan: CrashPlan, stroke: Stroke) -> bool:
    """Say whether the stroke fell and the successor was the wanted one."""
    if plan.struck is None:
        return False
    machine, partition = plan.struck
    if partition < 0:
        return True
    others = [each for each in plan.successors[:1] if each != machine]
    return bool(others) is (stroke.successor is Successor.OTHER)


def _plan(seed: int, at: Passed | None = None, stroke: Stroke | None = None) -> CrashPlan:
    return CrashPlan(Adversary(Schedule(drawn(seed, STEPS))), at, stroke)
