"""Fence times: how often this worker was thrown out lately, and how long it waits to re-enter.

Owns: the file of fence times and the growing backoff computed from it.
Never: sleeps. The worker waits before it joins its group, so that a waiting process owns nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

WINDOW_S: Final = 60.0  # twice within this time starts the backoff
MEMORY_S: Final = 600.0  # older fence times are forgotten
FIRST_DELAY_S: Final = 2.0
LONGEST_DELAY_S: Final = 60.0


class FenceTimes:
    """A small JSON file of wall-clock seconds, the newest last."""

    def __init__(self, path: Path, now: Callable[[], float]) -> None:
        self._path: Final = path
        self._now: Final = now

    def record(self) -> None:
        """Note that the worker was fenced just now; by rename, so that a kill leaves it whole."""
        times = [*self._recent(), self._now()]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(times), encoding="ascii")
        fresh.replace(self._path)

    def delay_s(self) -> float:
        """Return how long to wait before joining the group; 0 after a single fence."""
        return backoff_s(self._recent(), self._now())

    def _recent(self) -> list[float]:
        try:
            times = json.loads(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return []  # a damaged file only costs one backoff
        oldest = self._now() - MEMORY_S
        return [float(at) for at in times if float(at) >= oldest]


def backoff_s(times: Sequence[float], now: float) -> float:
    """Double the delay with each fence, while the last two were within the window."""
    if len(times) < 2 or times[-1] - times[-2] > WINDOW_S:  # noqa: PLR2004 - "twice" is the rule
        return 0.0
    delay = min(FIRST_DELAY_S * 2.0 ** (len(times) - 2), LONGEST_DELAY_S)
    return max(0.0, delay - (now - times[-1]))
