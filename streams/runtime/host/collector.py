"""Python's garbage collector in a worker: seldom, and watched.

Owns: how often it runs, and the longest time it has stopped the process.
Never: frees anything that counting references does not; rows and messages hold no cycles.
"""

from __future__ import annotations

import gc
import time
from typing import Final, final

# Counting references frees rows and messages; the collector only walks them in vain, which costs a
# third of a recovery at Python's default of every 700 objects. Every 50,000 costs as much as every
# 10,000, but stops all threads for 33 ms instead of 6.
COLLECT_AFTER: Final = (10_000, 20, 50)
MS: Final = 1_000


@final
class Collector:
    """Watches collections; they stop every thread, and so count towards every latency."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self.longest_s = self.all_s = 0.0

    def start(self) -> None:
        """Set the collector's pace, and leave what exists out of its sight: modules stay anyway."""
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        gc.callbacks.append(self.seen)

    def stop(self) -> None:
        """Watch no longer."""
        gc.callbacks.remove(self.seen)

    def seen(self, phase: str, _: dict[str, int]) -> None:
        """A collection starts or stops; collections do not overlap."""
        now_s = time.monotonic()
        if phase == "start":
            self._began_s = now_s
        else:
            self.longest_s = max(self.longest_s, now_s - self._began_s)
            self.all_s += now_s - self._began_s

    def gauges(self) -> dict[str, object]:
        """Return what the status file says of it."""
        return {
            "gc_pause_max_ms": round(self.longest_s * MS, 1),
            "gc_pause_ms": round(self.all_s * MS, 1),
        }
