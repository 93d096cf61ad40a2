"""Crash points: the places at which a test may kill or freeze this process without warning.

Owns: the names of the places inside a sink's write.
Never: does anything unless LEDGER_CRASH_POINT=name:occurrence names one of them; with `:stop` at
its end the process is frozen there, for whoever wakes a zombie.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable
from typing import Final

MID_BATCH: Final = "mid-sink-batch"  # some rows of a batch are sent, some are not
BEFORE_OFFSET: Final = "sink-before-offset"  # all rows are sent, the position is not
AFTER_OFFSET: Final = "sink-after-offset"  # the position is kept, nobody was told
POINTS: Final = (MID_BATCH, BEFORE_OFFSET, AFTER_OFFSET)
STOP: Final = "stop"

CrashPoint = Callable[[str], None]  # called with the name of the place just reached


def never(_point: str, /) -> None:
    """Pass every place unharmed."""


def crash_at(setting: str) -> CrashPoint:
    """Return what kills this process at the n-th pass of a place; names of other shells pass."""
    name, occurrence, how = (*setting.split(":", 2), "", "")[:3]
    if name not in POINTS:
        return never
    wanted = int(occurrence or 1)
    number = signal.SIGSTOP if how == STOP else signal.SIGKILL
    passes = itertools.count(1)

    def reach(point: str, /) -> None:
        if point == name and next(passes) == wanted:
            os.kill(os.getpid(), number)

    return reach
