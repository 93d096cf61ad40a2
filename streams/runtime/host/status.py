"""Status: what the worker is doing, as a file that a person or a health check reads.

Owns: the shape of `status.json` and what "ready" means. `metrics.write_status` writes it.
Never: asks the broker. A worker that is cut off still tells what it last knew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from streams.runtime.host.lanes import Lanes

RUNNING: Final = "running"  # the state of a partition that decides


Ends = Callable[[int], Mapping[str, int]]  # of a partition number: last stable offset by input


def nowhere(_number: int) -> Mapping[str, int]:
    """Know no ends: there is no consumer yet."""
    return {}


def snapshot(
    lanes: Lanes, who: Mapping[str, object], at_us: int, ends: Ends = nowhere
) -> dict[str, object]:
    """Describe the worker. Ready: every assigned partition runs, also when there is none."""
    partitions = {
        str(lane.number): {**lane.runner.status(), "ends": dict(ends(lane.number))}
        for lane in lanes.lanes()
    }
    generation = lanes.generation_of(lanes.epoch)  # None during a rebalance
    running = all(status.get("state") == RUNNING for status in partitions.values())
    return {
        **who,
        "at_us": at_us,
        "ready": running and lanes.entered and generation is not None and not lanes.stopping,
        "stopping": lanes.stopping,
        "epoch": lanes.epoch,
        "generation": generation,
        "partitions": partitions,
    }
