"""Where a partition's time goes, and how much it has done.

Owns: the stops of the pipeline, wall and CPU seconds per stop, counters, the worker's status file.
Never: costs more than two clock readings per stop and group.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from streams.runtime.ports import Clock

# In the order of the pipeline. `step` is decode and decide; `other` is waiting and bookkeeping.
STOPS: Final = ("step", "seal", "log", "outputs", "commit", "store", "recovery", "other")


class Meter:
    """The stopwatch and the counters of one partition; written by its thread only."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
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

    def start(self) -> None:
        """Start the stopwatch, in the thread whose CPU is measured."""
        self._wall, self._cpu = self._clock.monotonic(), self._clock.cpu()

    def lap(self, stop: str) -> None:
        """Book the time since the last lap under a stop."""
        wall, cpu = self._clock.monotonic(), self._clock.cpu()
        self.wall_s[stop] += wall - self._wall
        self.cpu_s[stop] += cpu - self._cpu
        self._wall, self._cpu = wall, cpu

    def report(self) -> dict[str, object]:
        """Return everything as plain values."""
        return {
            "records": self.records,
            "groups": self.groups,
            "log_records": self.log_records,
            "outputs": self.outputs,
            "recoveries": self.recoveries,
            "replayed": self.replayed,
            "alarms": self.alarms,
            "wall_s": dict(self.wall_s),
            "cpu_s": dict(self.cpu_s),
        }


def write_status(path: Path, status: Mapping[str, object]) -> None:
    """Write the status file of a worker, so that a reader always finds a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(status) + "\n", encoding="utf-8")
    fresh.replace(path)
