"""Crash points: where a chaos test may kill this process.

Owns: the names of the points and the one variable that arms one of them.
Never: costs anything when unarmed: the hook is chosen once, at start-up; unarmed, the boundaries
(`exposed.py`) do not even exist.

`LEDGER_CRASH_POINT=after-produce:3` kills the process with SIGKILL when it passes that point for
the third time; `after-produce:3:stop` freezes it there with SIGSTOP, for whoever wakes a zombie.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from typing import Final

VARIABLE: Final = "LEDGER_CRASH_POINT"
MID_STEP: Final = "mid-step"
AFTER_PRODUCE: Final = "after-produce"
AFTER_COMMIT: Final = "after-commit-before-store"
MID_RECOVERY: Final = "mid-recovery"
POINTS: Final = (MID_STEP, AFTER_PRODUCE, AFTER_COMMIT, MID_RECOVERY)
TAKE_SNAPSHOT: Final = "take-snapshot"
# Every call out of a partition: to the broker as a writer, as a reader, to its database, and to the
# place of snapshots.
OPERATIONS: Final = (
    *("fence", "begin", "send-log", "send", "settle", "commit", "abort"),
    *("topic-id", "bounds", "tail", "take", "read-input"),
    *("open-store", "get", "scan", "write", "close-store"),
    *("fetch-snapshot", "swap-snapshot", TAKE_SNAPSHOT),
)
BEFORE: Final = "before"
AFTER: Final = "after"
BOUNDARIES: Final = tuple(f"{side}-{each}" for each in OPERATIONS for side in (BEFORE, AFTER))
SIGNALS: Final = {"": signal.SIGKILL, "stop": signal.SIGSTOP}

Passing = Callable[[str], None]


def unarmed(_point: str, /) -> None:
    """Pass a point: nothing happens."""


def crash_points(environment: Mapping[str, str]) -> Passing:
    """Return what is called at every point; refuses a name or number nobody knows."""
    wanted = environment.get(VARIABLE)
    if not wanted:
        return unarmed
    name, number, how = (*wanted.split(":", 2), "", "")[:3]
    if name not in (*POINTS, *BOUNDARIES) or not (number or "1").isdigit() or how not in SIGNALS:
        raise ValueError(
            f"{VARIABLE}={wanted}: expected <point>:<occurrence>[:stop], "
            f"points {(*POINTS, *BOUNDARIES)}"
        )
    return _Armed(name, int(number or "1"), SIGNALS[how])


class _Armed:
    """Counts the passes of one point over all partitions of the process, then signals it."""

    def __init__(self, name: str, occurrence: int, number: signal.Signals) -> None:
        self._name: Final = name
        self._number: Final = number
        self._left = occurrence

    def __call__(self, point: str, /) -> None:
        if point != self._name:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._number)
