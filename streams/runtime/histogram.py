"""Histogram: how often a value lay below each of a few bounds.

Owns: the counts of one partition; written by its thread only.
Never: costs more than a search in a handful of bounds, once a group.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, final


@final
class Histogram:
    """Counts by bucket."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds: Final = tuple(bounds)
        self._counts: Final = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def report(self) -> dict[str, object]:
        """Return bounds, the last one None for no bound, with counts at or below each, and sum."""
        return {
            "bounds": [*self._bounds, None],
            "counts": list(accumulate(self._counts)),
            "sum": round(self._sum, 6),
        }
