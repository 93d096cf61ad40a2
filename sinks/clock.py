"""The wall clock of the sinks: only what must win over somebody else's timestamp asks it.

Owns: the reading. Never: decides an order of events.
"""

from __future__ import annotations

import time
from typing import Final

NANOS: Final = 1_000


def wall_us() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // NANOS
