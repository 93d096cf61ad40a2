"""`bench recovery`: how fast a worker rebuilds its state from the log alone.

Theory: one partition is filled, its worker stopped, its state folder deleted; a fresh worker then
folds the whole log into an empty RocksDB. The figure is Decisions per second of that recovery;
`rss_mb` is what that worker holds when it is done.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

from ops.bench.drain import flood
from ops.bench.pipeline import rss_mb, started
from ops.rig import status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.bench.load import Load
    from ops.stack import Stack

ONE: Final = 1
FROM_THE_LOG: Final = {"LEDGER_SNAPSHOTS": ""}


def measure(stack: Stack, loads: Sequence[Load]) -> dict[str, Any]:
    """Return the figures; the stack is up with topics of one partition."""
    with started(stack, ["filler"], ONE, FROM_THE_LOG):
        log = flood(stack.endpoints.kafka, loads)
    shutil.rmtree(stack.layout.state)
    with started(stack, ["rebuilder"], ONE, FROM_THE_LOG) as running:
        rss = rss_mb(running["rebuilder"])
        status = status_of(stack, "rebuilder")["partitions"]["0"]
    seconds = status["wall_s"]["recovery"]
    return {
        "decisions": log.total,
        "replayed": status["replayed"],
        "recovery_s": round(seconds, 2),
        "recovery_cpu_s": round(status["cpu_s"]["recovery"], 2),
        "rss_mb": rss,
        "decisions_per_s": round(status["replayed"] / seconds),
    }
