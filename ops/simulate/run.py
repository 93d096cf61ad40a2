"""Runs: one seed from its schedule to its verdict.

Owns: what a run is, what it reports, and the digest that proves two runs the same.
Never: prints.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ops.simulate.adversary import Adversary
from ops.simulate.check import REST_S, check, rested
from ops.simulate.schedule import Planned, Schedule, drawn
from ops.simulate.world import Plan, Shape, World


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did and found."""

    seed: int
    steps: int
    schedule: tuple[Planned, ...]
    faults: Counter[str]
    groups: int
    decisions: int
    voided: int
    zombies: int
    rebalances: int
    snapshots: int
    refused: int
    findings: tuple[str, ...]
    digest: str
    operations: Counter[str]
    lines: Sequence[str] = ()


def simulate(
    seed: int, steps: int, schedule: Sequence[Planned] | None = None, *, traced: bool = False
) -> Report:
    """Run a seed; `schedule` replaces the one the seed draws."""
    planned = drawn(seed, steps) if schedule is None else tuple(schedule)
    faults = Schedule(planned)
    shape = Shape(partitions=2 + seed % 3, workers=2 + seed // 3 % 2)
    with world_of(seed, shape, Adversary(faults), traced=traced) as world:
        world.run(steps)
        judge(world)
    return report(world, planned, Counter({str(kind): n for kind, n in faults.struck.items()}))


@contextmanager
def world_of(seed: int, shape: Shape, plan: Plan, *, traced: bool = False) -> Iterator[World]:
    """Make a world and end every strand of it afterwards."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with TemporaryDirectory(prefix="simulate-") as folder:
            world = World(seed, shape, plan, Path(folder))
            if traced:
                world.trace.lines = []
            try:
                yield world
            finally:
                world.close()
    finally:
        logging.disable(disabled)


def judge(world: World) -> None:
    """Bring a world to rest, then check everything."""
    if world.findings:
        return
    if not world.settle(lambda: rested(world), REST_S):
        if not world.findings:
            world.find(f"no rest within {REST_S:.0f} s: work is left and nobody does it")
        return
    world.findings.extend(check(world))


def report(world: World, planned: tuple[Planned, ...], faults: Counter[str]) -> Report:
    """Say what a world has seen."""
    return Report(
        world.seed,
        world.steps,
        planned,
        faults,
        world.watch.committed,
        world.watch.totals.decisions,
        world.watch.voided,
        world.crew.zombies,
        world.group.rebalances,
        sum(place.taken_over for place in world.places.values()),
        sum(place.refused for place in world.places.values()),
        tuple(world.findings),
        world.trace.digest(),
        world.trace.operations,
        world.trace.lines or (),
    )
