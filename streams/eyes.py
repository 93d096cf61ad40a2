"""Eyes of a worker: its status, told once a second, as metrics and as an answer to "ready?".

Owns: how a status becomes samples; what dead and unready mean for a worker.
Never: touches a partition: what it shows lay in the status file already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast, final

from eyes import names
from eyes.progress import Progress, Seen
from eyes.samples import Page

# The status is written once a second by the event loop, which heartbeats live on, too.
SILENT_AFTER_S: Final = 30.0
PER_S: Final = 1_000
Status = Mapping[str, Any]


@final
class WorkerEyes:
    """What one worker process says of itself; satisfies `eyes.server.Told`."""

    def __init__(
        self, job: str, monotonic: Callable[[], float], progress: Progress | None = None
    ) -> None:
        self._job: Final = job
        self._monotonic: Final = monotonic
        self._progress: Final = progress or Progress()
        self._status: Status = {}
        self._stalled: frozenset[str] = frozenset()
        self._told_at = monotonic()

    def told(self, status: Status) -> None:
        """Take the newest status; from the event loop."""
        self._told_at = self._monotonic()
        partitions = _partitions(status)
        self._stalled = self._progress.look(
            self._told_at, {number: seen_of(each) for number, each in partitions.items()}
        )
        self._status = status

    def dead(self) -> str:
        """Say that the event loop hangs; a broker that is away is waited for, and no death."""
        silent_s = self._monotonic() - self._told_at
        return f"no status for {silent_s:.0f} s" if silent_s > SILENT_AFTER_S else ""

    def unready(self) -> str:
        """Say what keeps the worker from deciding."""
        if trouble := self.dead():
            return trouble
        if not self._status.get("ready"):
            return "no assignment yet, or a partition that does not run"
        stalled = ", ".join(sorted(self._stalled, key=int))
        return f"partitions with lag do not advance: {stalled}" if stalled else ""

    def page(self) -> Page:
        """Return the samples."""
        page, status = Page(), self._status
        page.add(names.READY, [self._job], not self.unready())
        page.add(names.GC_MAX, [self._job], _seconds(status.get("gc_pause_max_ms")))
        page.add(names.GC_SECONDS, [self._job], _seconds(status.get("gc_pause_ms")))
        for number, each in _partitions(status).items():
            self._add(page, number, each)
        return page

    def _add(self, page: Page, number: str, each: Status) -> None:
        labels = [self._job, number]
        page.add(names.RUNNING, labels, each.get("state") == "running")
        page.add(names.HALTED, labels, each.get("state") == "halted")
        page.add(names.STALLED, labels, number in self._stalled)
        for metric in names.PLAIN:
            page.add(metric, labels, each.get(metric.field))
        page.add_buckets(names.GROUP_SIZE, labels, each.get("group_size"))
        page.add_buckets(names.COMMIT, labels, each.get("commit"))
        for metric, field in ((names.DECIDED, "decided"), (names.STOPS, "wall_s")):
            for name, value in each.get(field, {}).items():
                page.add(metric, [*labels, name.lower()], value)
        for topic, position in each.get("positions", {}).items():
            page.add(names.POSITION, [*labels, topic], position)
        for topic, lag in lag_of(each).items():
            page.add(names.LAG, [*labels, topic], lag)


def lag_of(partition: Status) -> dict[str, int]:
    """Return how many offsets of each input are readable and not decided, markers included."""
    positions = partition.get("positions", {})
    ends = partition.get("ends", {})
    return {
        topic: max(0, end - positions[topic]) for topic, end in ends.items() if topic in positions
    }


def seen_of(partition: Status) -> Seen:
    """Return where a partition stands, and whether it lags."""
    return Seen(sum(partition.get("positions", {}).values()), any(lag_of(partition).values()))


def _partitions(status: Status) -> Mapping[str, Status]:
    return cast("Mapping[str, Status]", status.get("partitions", {}))


def _seconds(milliseconds: object) -> object:
    return milliseconds / PER_S if isinstance(milliseconds, int | float) else None
