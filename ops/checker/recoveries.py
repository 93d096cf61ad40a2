"""Check 16: recoveries in time, lag drained, no restart loop, no crash of compiled code.

Owns: the judgement of what the keeper of a run measured, and of where the sinks stand.
Never: measures.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Final

from ops.checker.report import Result
from ops.checker.targets import Told

# A process that was ended may miss its place once more, while the broker still holds the old one.
RESTARTS_PER_END = 2
# Nobody sends these: a library, or the compiled core, touched memory that was not its own.
CRASHES: Final = frozenset(
    -number
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
)


def check_recoveries(told: Told, result: Result) -> None:
    """Recoveries within their bound; restarts only after endings; no end that is a crash."""
    times = sorted(told.recoveries_s)
    result.looked_at += len(times)
    for seconds in times:
        if seconds > told.recovery_bound_s:
            what = f"took {seconds:.1f} s, at most {told.recovery_bound_s:.1f} s are good"
            result.add("recovery", what)
    if times:
        middle, last = times[len(times) // 2], times[-1]
        at_99 = times[min(len(times) - 1, len(times) * 99 // 100)]
        result.note(
            f"{len(times)} recoveries: p50 {middle:.1f} s, p99 {at_99:.1f} s, max {last:.1f} s"
        )
    for name, count in told.restarts.items():
        result.looked_at += 1
        ended = told.ended.get(name, 0)
        if count > RESTARTS_PER_END * ended:
            result.add(name, f"was started again {count} times after {ended} endings")
    _check_exits(told, result)


def _check_exits(told: Told, result: Result) -> None:
    for name, codes in told.exits.items():
        result.looked_at += len(codes)
        for code in codes:
            if code in CRASHES:
                result.add(name, f"crashed: {signal.Signals(-code).name}")


def check_lag(
    store: str, sequences: Mapping[int, int], log: Mapping[int, int], result: Result
) -> None:
    """At rest a store stands where the log ends, neither behind nor ahead."""
    for partition, last in log.items():
        result.looked_at += 1
        found = sequences.get(partition, 0)
        if found != last:
            result.add(f"{store}, partition {partition}", f"stands at #{found}, the log at #{last}")
