"""Where a partition's time goes, and how much it has done.

Owns: the stops of the pipeline, wall and CPU seconds per stop, counters, the worker's status file.
Never: costs more than two clock readings per stop and group.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from streams.runtime.histogram import Histogram
from streams.runtime.job import Group
from streams.runtime.ports import Clock, Gauges

SIZES: Final = (1, 3, 10, 30, 100, 300, 1_000)  # a group has at most 1,000 records and some timers
LOOK_EVERY_S: Final = 5.0
COMMITS_S: Final = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
# In the order of the pipeline. `step` is decode and decide; `other` is waiting and bookkeeping.
STOPS: Final = ("step", "seal", "log", "outputs", "commit", "store", "recovery", "other")


class Meter:
    """The stopwatch and the counters of one partition; written by its thread only."""

    def __init__(self, clock: Clock, gauges: Gauges = dict) -> None:
        self._clock: Final = clock
        self._gauges: Final = gauges
        self._looked: Mapping[str, object] = {}
        self._looked_at = -LOOK_EVERY_S
        self._wall = self._cpu = 0.0
        self.wall_s: Final = dict.fromkeys(STOPS, 0.0)
        self.cpu_s: Final = dict.fromkeys(STOPS, 0.0)
        self.records = 0
        self.groups = 0
        self.log_records = 0
        self.outputs = 0
        self.recoveries = 0
        self.replayed = 0
        self.alarms = 0
        self.aborted = 0
        self.recovery_s = 0.0  # the last one
        self.decided: Final[dict[str, int]] = {}
        self.sizes: Final = Histogram(SIZES)
        self.commits: Final = Histogram(COMMITS_S)

    def start(self) -> None:
        """Start the stopwatch, in the thread whose CPU is measured."""
        self._wall, self._cpu = self._clock.monotonic(), self._clock.cpu()

    def lap(self, stop: str) -> None:
        """Book the time since the last lap under a stop."""
        wall, cpu = self._clock.monotonic(), self._clock.cpu()
        self.wall_s[stop] += wall - self._wall
        self.cpu_s[stop] += cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    def committed(self, group: Group, took_s: float) -> None:
        """Count a group that is true now."""
        self.groups += 1
        self.log_records += len(group.log)
        self.outputs += len(group.outputs)
        self.sizes.add(len(group.log))
        self.commits.add(took_s)
        for outcome, count in group.tally.items():
            self.decided[outcome] = self.decided.get(outcome, 0) + count

    def turn(self) -> None:
        """Begin a turn; ask now and then for what only this thread may: it closes the store."""
        self.lap("other")
        if self._wall - self._looked_at >= LOOK_EVERY_S:
            self._looked_at, self._looked = self._wall, self._gauges()

    def report(self) -> dict[str, object]:
        """Return everything as plain values."""
        return {
            **self._looked,
            "records": self.records,
            "groups": self.groups,
            "log_records": self.log_records,
            "outputs": self.outputs,
            "recoveries": self.recoveries,
            "replayed": self.replayed,
            "alarms": self.alarms,
            "aborted": self.aborted,
            "recovery_s": round(self.recovery_s, 3),
            "decided": dict(self.decided),
            "group_size": self.sizes.report(),
            "commit": self.commits.report(),
            "wall_s": dict(self.wall_s),
            "cpu_s": dict(self.cpu_s),
        }


def write_status(path: Path, status: Mapping[str, object]) -> None:
    """Write the status file of a worker, so that a reader always finds a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(status) + "\n", encoding="utf-8")
    fresh.replace(path)
