"""`bench pipeline`: commands through the workers as fast as they go, beside the plain loop.

Theory: workers start first and settle; then the backlog is poured in and drained. A throughput is
Decisions per second between the end of the pouring and the last commit, by the records' own times.
The plain loop (`limit`) then moves the same commands, and Decisions sampled from this very log,
with as many processes: first with a codec, then without.

Owns: that measurement.
Never: asserts a figure; it prints them.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ops.bench import limit
from ops.bench.drain import flood
from ops.rig import running_partitions, start_worker, status_of, wait_for
from ops.stack import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ops.bench.load import Load
    from ops.stack import ManagedProcess, Stack

PARTITIONS: Final = 8


@contextmanager
def started(
    stack: Stack,
    names: Sequence[str],
    partitions: int = PARTITIONS,
    env: Mapping[str, str] | None = None,
) -> Iterator[dict[str, ManagedProcess]]:
    """Run workers that own every partition between them; end them afterwards."""
    running = {name: start_worker(stack, name, env, NEVER) for name in names}
    try:
        wait_for("every partition to run", lambda: settled(stack, names, partitions))
        yield running
    finally:
        for process in running.values():
            process.stop()


def worker_names(workers: int) -> list[str]:
    """Return the names of that many workers."""
    return [f"worker-{number}" for number in range(1, workers + 1)]


def measure(
    stack: Stack, loads: Sequence[Load], workers: int, partitions: int = PARTITIONS
) -> dict[str, Any]:
    """Return the figures of one run; the stack is up and its topics are there."""
    with started(stack, worker_names(workers), partitions) as running:
        log = flood(stack.endpoints.kafka, loads)
        rss = [rss_mb(process) for process in running.values()]
        status = [status_of(stack, name) for name in running]
    plain = limit.measure(stack, workers, log.samples)
    return {
        "commands": len(loads),
        "decisions": log.total,
        "commands_per_s": round(log.per_s * len(loads) / log.total),
        "decisions_per_s": round(log.per_s),
        "raw_commands_per_s": round(plain["codec"]),
        "ratio": round(log.per_s / plain["codec"], 3),
        "raw_bytes_per_s": round(plain["bytes"]),
        "ratio_bytes": round(log.per_s / plain["bytes"], 3),
        "rss_mb_per_worker": rss,
        "gc_pause_max_ms": max(each["gc_pause_max_ms"] for each in status),
        "cpu_by_stop": shares([cpu for each in status for cpu in _cpu_by_stop(each)]),
    }


def rss_mb(process: ManagedProcess) -> int:
    """Return the resident memory of a process, MiB."""
    found = Path(f"/proc/{process.report().pid}/status").read_text(encoding="ascii")
    line = next(line for line in found.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) // 1024


def shares(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Add the partitions' seconds per stop up and return each stop's share of them all."""
    sums: dict[str, float] = {}
    for part in parts:
        for stop, seconds in part.items():
            sums[stop] = sums.get(stop, 0.0) + seconds
    whole = sum(sums.values()) or 1.0
    return {stop: round(seconds / whole, 3) for stop, seconds in sorted(sums.items())}


def _cpu_by_stop(status: Mapping[str, Any]) -> list[Mapping[str, float]]:
    return [partition["cpu_s"] for partition in status["partitions"].values()]


def settled(stack: Stack, names: Sequence[str], partitions: int) -> bool:
    """Say whether the workers run every partition, as evenly as it goes."""
    counts = [running_partitions(stack, name) for name in names]
    return sum(counts) == partitions and max(counts) - min(counts) <= 1
