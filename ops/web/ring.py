"""Ring: samples of the last minutes, from which the charts are drawn.

Owns: how many samples are kept, what throughput is between two of them, which lines are drawn.
Never: takes a sample by itself; keeps one for longer than the ring is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import Any, Final, final

SAMPLES_MAX: Final = 300  # ten minutes at one every two seconds
PLOTTED_MAX: Final = 12  # more lines than this are no picture; the rest is one line together


@dataclass(frozen=True, slots=True)
class Sample:
    """Where each partition stood at a time, and how far the slowest store was behind it."""

    at_s: float
    sequences: Mapping[int, int]
    lags: Mapping[int, int]


@final
class Ring:
    """The newest samples."""

    def __init__(self, size: int = SAMPLES_MAX) -> None:
        self._samples: Final[deque[Sample]] = deque(maxlen=size)
        self._lock: Final = Lock()

    def take(self, sample: Sample) -> None:
        """Add a sample; the oldest goes."""
        with self._lock:
            self._samples.append(sample)

    def rates(self) -> dict[int, float]:
        """Return Decisions per second of each partition between the last two samples."""
        samples = self._copy()
        if len(samples) < 2:  # noqa: PLR2004 - a rate is between two
            return {}
        before, after = samples[-2:]
        found = {number: _rate(before, after, number) for number in after.sequences}
        return {number: rate for number, rate in found.items() if rate is not None}

    def document(self) -> dict[str, Any]:
        """Return what the charts are drawn from: a gap where nothing was known."""
        samples = self._copy()
        numbers = sorted({number for each in samples for number in each.sequences})
        steps = list(pairwise(samples))
        lines = [
            {
                "label": f"{number}",
                "throughput": [_rate(before, after, number) for before, after in steps],
                "lag": [after.lags.get(number) for _, after in steps],
            }
            for number in numbers
        ]
        return {"times": [after.at_s for _, after in steps], "lines": _bounded(lines)}

    def _copy(self) -> list[Sample]:
        with self._lock:
            return list(self._samples)


def _rate(before: Sample, after: Sample, number: int) -> float | None:
    if number not in before.sequences or number not in after.sequences:
        return None
    seconds = after.at_s - before.at_s
    gone = after.sequences[number] - before.sequences[number]
    # A log that was replaced begins anew: that is no throughput.
    return round(gone / seconds, 1) if seconds > 0 and gone >= 0 else None


def _bounded(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return at most so many lines as can be told apart: the busiest, and the others' sum."""
    if len(lines) <= PLOTTED_MAX:
        return list(lines)
    busiest = sorted(lines, key=lambda each: -sum(filter(None, each["throughput"])))
    kept, others = busiest[: PLOTTED_MAX - 1], busiest[PLOTTED_MAX - 1 :]
    kept.sort(key=lambda each: int(each["label"]))
    together = {
        name: [_sum(column) for column in zip(*(each[name] for each in others), strict=True)]
        for name in ("throughput", "lag")
    }
    return [*kept, {"label": f"{len(others)} others", **together}]


def _sum(column: Sequence[float | None]) -> float | None:
    known = [each for each in column if each is not None]
    return round(sum(known), 1) if known else None
