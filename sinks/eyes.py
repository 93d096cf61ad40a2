"""Eyes of the sinks of one process: what lanes count, as metrics and as an answer to "ready?".

Owns: how lanes become samples; what dead and unready mean for a sink.
Never: holds a lane up: it reads plain numbers that the lanes' threads write.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final, final

from eyes import names
from eyes.progress import Progress, Seen
from eyes.samples import Page
from sinks.lane import Lane
from sinks.runner import Runner

# A runner polls twenty times a second, also while its store is away.
SILENT_AFTER_S: Final = 30.0
JOB: Final = "sinks"


@final
class SinkEyes:
    """What one process of sinks says of itself; satisfies `eyes.server.Told`."""

    def __init__(self, monotonic: Callable[[], float], progress: Progress | None = None) -> None:
        self._monotonic: Final = monotonic
        self._runners: Final[dict[str, Runner]] = {}
        self._lanes: Final = progress or Progress()
        self._polls: Final = Progress(SILENT_AFTER_S)
        self._guard: Final = Lock()  # scrapes and probes come in threads of their own

    def watch(self, runner: Runner) -> None:
        """Watch this runner from now on, in place of an earlier one of its name."""
        self._runners[runner.name] = runner

    def dead(self) -> str:
        """Say which runner no longer polls."""
        with self._guard:
            silent = self._polls.look(
                self._monotonic(),
                # Before its lanes are made a runner waits for the broker, as long as it takes.
                {name: Seen(each.turns, each.turns > 0) for name, each in self._each()},
            )
        return f"no longer polling: {', '.join(sorted(silent))}" if silent else ""

    def unready(self) -> str:
        """Say what keeps the stores from following the log."""
        if trouble := self.dead():
            return trouble
        waiting = [name for name, runner in self._each() if not runner.turns]
        if waiting or not self._runners:
            return f"not started: {', '.join(waiting) or 'no sink'}"
        halted = [f"{name} {number}" for name, each in self._each() for number in each.halted]
        stalled = sorted(self._stalled())
        if halted or stalled:
            return f"halted: {', '.join(halted) or 'none'}; stalled: {', '.join(stalled) or 'none'}"
        return ""

    def page(self) -> Page:
        """Return the samples."""
        page, stalled = Page(), self._stalled()
        page.add(names.READY, [JOB], not self.unready())
        for name, runner in self._each():
            for number, lane in list(runner.lanes.items()):
                labels = [name, str(number)]
                page.add(names.SINK_HALTED, labels, bool(lane.halted))
                page.add(names.SINK_STALLED, labels, f"{name} {number}" in stalled)
                told = told_of(lane, runner.ends.get(number, -1))
                for metric in names.SINKS:
                    page.add(metric, labels, told[metric.field])
        return page

    def _stalled(self) -> frozenset[str]:
        seen = {
            f"{name} {number}": Seen(lane.position, lane.waiting and not lane.halted)
            for name, runner in self._each()
            for number, lane in list(runner.lanes.items())
        }
        with self._guard:
            return self._lanes.look(self._monotonic(), seen)

    def _each(self) -> tuple[tuple[str, Runner], ...]:
        return tuple(self._runners.items())


def told_of(lane: Lane, end: int) -> dict[str, int | None]:
    """Return the status of a lane; no lag where the log's end is not known."""
    return {
        "written": lane.written,
        "retries": lane.retries,
        "position": lane.position,
        "lag": None if end < 0 else max(0, end - lane.position),
        "queued": lane.queued,
    }
