"""Progress: whether a partition that has something to do gets on with it.

Owns: the judgement, from positions seen one after another.
Never: takes being alive for getting on: a thread that hangs is alive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, final

# A commit may take a broker's ten seconds and be tried once more; past that nobody is at work.
STALLED_AFTER_S: Final = 30.0


class Seen(NamedTuple):
    """Where a partition stands, and whether something waits for it."""

    position: int
    waiting: bool


@final
class Progress:
    """Remembers since when each partition has stood where it stands with work waiting."""

    def __init__(self, stalled_after_s: float = STALLED_AFTER_S) -> None:
        self._after_s: Final = stalled_after_s
        self._since: dict[str, tuple[int, float]] = {}

    def look(self, now_s: float, partitions: Mapping[str, Seen]) -> frozenset[str]:
        """Take what is seen now; return the partitions that do not get on."""
        since: dict[str, tuple[int, float]] = {}
        for name, seen in partitions.items():
            before = self._since.get(name)
            if seen.waiting and before is not None and before[0] == seen.position:
                since[name] = before
            else:
                since[name] = (seen.position, now_s)
        self._since = since
        return frozenset(name for name, (_, at) in since.items() if now_s - at > self._after_s)
