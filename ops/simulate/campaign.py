"""Campaigns: many seeds, on one core or on all, and what they add up to.

Owns: the sum over reports, and the first seed that fails.
Never: stops a seed half-way: a campaign ends between two of them.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context

from ops.simulate.run import Report, simulate


@dataclass(slots=True)
class Sum:
    """What a campaign has seen."""

    seeds: int = 0
    steps: int = 0
    groups: int = 0
    decisions: int = 0
    voided: int = 0
    zombies: int = 0
    rebalances: int = 0
    snapshots: int = 0
    refused: int = 0
    fewest_groups: int | None = None
    faults: Counter[str] = field(default_factory=Counter)
    failed: list[Report] = field(default_factory=list)

    def add(self, report: Report) -> None:
        """Add one run."""
        one = Sum(
            1,
            report.steps,
            report.groups,
            report.decisions,
            report.voided,
            report.zombies,
            report.rebalances,
            report.snapshots,
            report.refused,
            report.groups,
            report.faults,
            [report] if report.findings else [],
        )
        self.join(one)

    def join(self, other: Sum) -> None:
        """Add another sum."""
        self.seeds += other.seeds
        self.steps += other.steps
        self.groups += other.groups
        self.decisions += other.decisions
        self.voided += other.voided
        self.zombies += other.zombies
        self.rebalances += other.rebalances
        self.snapshots += other.snapshots
        self.refused += other.refused
        fewest = [each for each in (self.fewest_groups, other.fewest_groups) if each is not None]
        self.fewest_groups = min(fewest, default=None)
        self.faults.update(other.faults)
        self.failed += other.failed

    @property
    def text(self) -> str:
        """Return it as one sentence."""
        return (
            f"{self.seeds:,} seeds, {self.steps:,} steps, {self.groups:,} committed groups "
            f"(at least {self.fewest_groups} per seed), {self.decisions:,} Decisions, "
            f"{self.voided:,} void, {self.zombies:,} woken zombies, "
            f"{self.rebalances:,} rebalances, {self.snapshots:,} starts from a snapshot, "
            f"{self.refused:,} damaged ones refused"
        )

    def document(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "seeds": self.seeds,
            "steps": self.steps,
            "groups": self.groups,
            "fewest_groups_of_a_seed": self.fewest_groups,
            "decisions": self.decisions,
            "void_decisions": self.voided,
            "woken_zombies": self.zombies,
            "rebalances": self.rebalances,
            "starts_from_a_snapshot": self.snapshots,
            "snapshots_refused": self.refused,
            "faults": dict(sorted(self.faults.items())),
            "failed_seeds": [report.seed for report in self.failed],
        }


def one_core(seeds: Iterable[int], steps: int) -> Sum:
    """Run seeds one after the other, until one fails."""
    total = Sum()
    for seed in seeds:
        total.add(simulate(seed, steps))
        if total.failed:
            break
    return total


def all_cores(first_seed: int, steps: int, minutes: float) -> Sum:
    """Run seeds on every core for so many minutes, or until one fails."""
    total, until = Sum(), time.monotonic() + 60 * minutes
    cores = os.cpu_count() or 1
    # Forked workers would inherit whatever threads this process has.
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        for reports in _rounds(pool, first_seed, steps, cores):
            for report in reports:
                total.add(report)
            if total.failed or time.monotonic() >= until:
                break
    return total


def _rounds(
    pool: ProcessPoolExecutor, first_seed: int, steps: int, cores: int
) -> Iterator[list[Report]]:
    """Yield the reports of a few seeds per core at a time."""
    size = 4 * cores
    for number in count():
        seeds = range(first_seed + number * size, first_seed + (number + 1) * size)
        yield list(pool.map(simulate, seeds, [steps] * size))
