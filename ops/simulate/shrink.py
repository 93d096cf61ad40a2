"""Shrinking: the fewest faults with which a seed still fails.

Owns: the search: ever smaller parts are left out, for as long as the seed goes on failing.
Never: accepts another kind of failure than the one it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ops.simulate.schedule import Planned

RUNS_MAX: Final = 80

Fails = Callable[[Sequence[Planned]], bool]


def shrunk(schedule: Sequence[Planned], fails: Fails, runs_max: int = RUNS_MAX) -> list[Planned]:
    """Return a part of the schedule that still fails and none of whose faults may be missing.

    The search ends after `runs_max` runs; what it has by then still fails.
    """
    kept, size, runs = list(schedule), max(1, len(schedule) // 2), 0
    while kept:
        start, smaller = 0, False
        while start < len(kept) and runs < runs_max:
            without = kept[:start] + kept[start + size :]
            runs += 1
            if fails(without):
                kept, smaller = without, True
            else:
                start += size
        if runs >= runs_max or (size == 1 and not smaller):
            return kept
        size = max(1, size // 2)
    return kept
