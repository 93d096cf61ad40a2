"""Drain: a worker is asked to leave, and others are watched until they have its partitions.

Owns: who has to leave, who stays, which partition was taken over by whom and after how long.
Never: signals a process or waits; the command does. Which worker gets which partition is the
assignor's to say (ADR 39, at its end).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ops.errors import NothingKnownError
from ops.partitions.plan import MICROS, STALE_S

RUNNING: Final = "running"
Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A worker that is to leave: its process, its job, what it runs, who else does the job."""

    worker: str
    pid: int
    job: str
    partitions: tuple[int, ...]
    others: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what will be done, in words."""
        yield f"ask {self.worker} (process {self.pid}, {self.job}) to finish its batches and leave"
        heirs = ", ".join(self.others) or "nobody until it is started again"
        for number in self.partitions:
            yield f"partition {number} goes to: {heirs}"


def leaving(statuses: Iterable[Status], worker: str, now_us: int) -> Leaving:
    """Read who is to leave. Raises `NothingKnownError` for a worker that does not speak."""
    living = [each for each in statuses if _age_s(each, now_us) < STALE_S]
    asked = next((each for each in living if each["worker"] == worker), None)
    if asked is None:
        names = ", ".join(str(each["worker"]) for each in living) or "nobody"
        raise NothingKnownError(f"{worker}: no such worker runs here; running: {names}")
    return Leaving(
        worker,
        int(asked["pid"]),
        str(asked.get("job", "")),
        tuple(sorted(_runs(asked))),
        tuple(str(each["worker"]) for each in living if _is_other(each, asked)),
    )


@dataclass(slots=True)
class Watch:
    """Who has which partition since the worker was asked, and after how many seconds."""

    leaving: Leaving
    asked_us: int
    taken: dict[int, tuple[str, float]] = field(default_factory=dict)

    def look(self, statuses: Iterable[Status]) -> bool:
        """Take what everybody says now; say whether every partition runs elsewhere.

        The same worker started again is another process, and counts.
        """
        for each in statuses:
            stranger = int(each.get("pid", 0)) != self.leaving.pid
            at_us = int(each.get("at_us", 0))
            if stranger and each.get("job") == self.leaving.job and at_us > self.asked_us:
                for number in _runs(each) & set(self.leaving.partitions):
                    gap_s = (at_us - self.asked_us) / MICROS
                    self.taken.setdefault(number, (str(each["worker"]), gap_s))
        return set(self.taken) == set(self.leaving.partitions)

    def rows(self) -> list[dict[str, object]]:
        """Return one row a partition."""
        return [
            {
                "partition": number,
                "worker": self.taken.get(number, ("nobody", 0.0))[0],
                "after": f"{self.taken[number][1]:.1f} s" if number in self.taken else "",
            }
            for number in self.leaving.partitions
        ]


def _runs(status: Status) -> set[int]:
    partitions = status.get("partitions", {})
    return {int(number) for number, each in partitions.items() if each.get("state") == RUNNING}


def _is_other(status: Status, asked: Status) -> bool:
    return bool(status["worker"] != asked["worker"] and status.get("job") == asked.get("job"))


def _age_s(status: Status, now_us: int) -> float:
    return (now_us - int(status.get("at_us", 0))) / MICROS
