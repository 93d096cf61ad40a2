"""The real clock.

Owns: the only reading of the wall clock in the runtime.
Never: is read by a job.
"""

from __future__ import annotations

import time
from typing import final


@final
class SystemClock:
    """Time as the machine has it; satisfies `Clock`."""

    def wall_us(self) -> int:
        """Microseconds since the epoch."""
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def cpu(self) -> float:
        """Seconds of CPU of the calling thread."""
        return time.thread_time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
