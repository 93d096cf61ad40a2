"""Clock: the wall clock of this door; what is told by others in wall time is compared with it."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]


def wall_s() -> float:
    """Return the time, seconds since 1970-01-01 UTC."""
    return time.time()
