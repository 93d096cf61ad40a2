"""The demo: a first day of traffic through real servers, a worker killed in it, and the proof.

Owns: the order of things.
Never: leaves a process of its own running.

1 servers, topics   2 two workers and three sinks   3 half the day at a steady rate, one worker
killed with SIGKILL   4 the rest as fast as it goes   5 wait until every sink is level with the log
6 compare all partitions at one cut   7 check everything against everything
"""

from __future__ import annotations

import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from ops.answers import Answers, result_tag
from ops.audit.stores import is_level
from ops.checker.apart import check_apart
from ops.checker.state import owners_in
from ops.checker.targets import Targets
from ops.demo.proof import Audit
from ops.demo.reconciled import Reconciled, reconcile
from ops.demo.traffic import RATE, Figures, Traffic
from ops.rig import running_partitions, start_sink, start_worker, status_of, wait_for
from ops.stack.workers import SINKS
from ops.topic_setup import prepare
from topics.catalog import RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.progress import Progress

    from ops.bench.load import Load
    from ops.checker.report import Report
    from ops.stack import ManagedProcess, Stack

PARTITIONS: Final = 8
WORKERS: Final = 2
PATIENCE_S: Final = 120.0


class Ended(NamedTuple):
    """What a day came to."""

    figures: Figures
    audit: Audit
    reconciled: Reconciled
    report: Report

    @property
    def holds(self) -> bool:
        """Whether everything adds up."""
        return self.report.holds and self.reconciled.holds


class Day:
    """One run of the demo on a stack that is up."""

    def __init__(self, stack: Stack, loads: Sequence[Load], progress: Progress) -> None:
        self._stack: Final = stack
        self._loads: Final = loads
        self._progress: Final = progress
        self._kafka: Final = stack.endpoints.kafka
        self._workers: Final[list[ManagedProcess]] = []

    def run(self) -> Ended:
        """Do everything."""
        self._start()
        with closing(Audit(self._kafka)) as audit:
            figures = self._traffic()
            self._settle(audit, figures)
            reconciled = self._reconcile(audit)
        bar = self._bar("everything checked: topics, state and stores, row by row", 1)
        report = check_apart(self._targets())
        bar(1)
        return Ended(figures, audit, reconciled, report)

    def _targets(self) -> Targets:
        ends = self._stack.endpoints
        return Targets(
            kafka=ends.kafka,
            postgres=ends.postgres,
            cassandra=ends.cassandra,
            redis=ends.redis,
            state=owners_in(self._stack.layout.state),
        )

    def _traffic(self) -> Figures:
        half = len(self._loads) // 2
        with closing(Answers(self._kafka, RESULTS.name, result_tag)) as answers:
            traffic = Traffic(self._kafka, answers, self._kill)
            title = f"half the day at {RATE:,} commands/s, one worker killed"
            traffic.paced_half(self._loads[:half], self._bar(title, half))
            rest = self._loads[half:]
            traffic.open_half(rest, self._bar("the rest, as fast as it goes", len(rest)))
        return traffic.figures

    def _start(self) -> None:
        bar = self._bar("topics, two workers, three sinks", 3)
        prepare(self._kafka, PARTITIONS)
        bar(1)
        for number in range(1, WORKERS + 1):
            self._workers.append(start_worker(self._stack, f"worker-{number}"))
        for store in SINKS:
            start_sink(self._stack, store)
        bar(1)
        wait_for("every partition to run", self._all_run, PATIENCE_S)
        bar(1)

    def _all_run(self) -> bool:
        counts = [running_partitions(self._stack, each.name) for each in self._workers]
        return sum(counts) == PARTITIONS and min(counts) > 0

    def _kill(self) -> set[int]:
        """Kill the second worker as a crash would; return the partitions it owned."""
        victim = self._workers[1]
        partitions = status_of(self._stack, victim.name)["partitions"]
        victim.kill()
        return {int(number) for number in partitions}

    def _settle(self, audit: Audit, figures: Figures) -> None:
        """Wait until every command is decided, no money travels, and every sink is level."""
        bar = self._bar("every transfer final, every sink level with the log", 2)
        wait_for("every command to be decided", lambda: self._decided(audit), PATIENCE_S)
        bar(1)
        began = time.monotonic()
        self._level(audit)
        figures.sinks_s = time.monotonic() - began
        figures.decisions = audit.totals.decisions
        bar(1)

    def _reconcile(self, audit: Audit) -> Reconciled:
        """Let the jobs compare all partitions at a cut, which the sinks then have too."""
        bar = self._bar("all partitions compared with each other at one cut", 1)
        found = reconcile(self._stack, PARTITIONS)
        wait_for("the cut to be read", lambda: _holds_cut(audit, found), PATIENCE_S)
        self._level(audit)
        bar(1)
        return found

    def _level(self, audit: Audit) -> None:
        for store in SINKS:
            level = partial(is_level, store, self._stack.endpoints, audit.sequences)
            wait_for(f"{store} to be level", level, PATIENCE_S)

    def _decided(self, audit: Audit) -> bool:
        audit.check()
        return audit.totals.commands >= len(self._loads) and not audit.totals.open_transfers

    def _bar(self, title: str, total: int) -> Callable[[int], None]:
        task = self._progress.add_task(title, total=total)

        def step(count: int) -> None:
            self._progress.advance(task, count)

        return step


def _holds_cut(audit: Audit, reconciled: Reconciled) -> bool:
    """Return whether the audit has read every partition as far as the cut."""
    audit.check()
    reached = {each.partition: each.sequence for each in reconciled.reached}
    return all(audit.sequences.get(number, 0) >= last for number, last in reached.items())
