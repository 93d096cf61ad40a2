"""`bench hot-wallet`: one wallet takes every command, beside the same commands spread over many.

Theory: a partition has one writer, which takes its records in order whoever they are for: nothing
is locked, so a hot wallet should cost no more than any other. One worker drains a backlog of card
top-ups on one partition, once for many wallets, then for one, in the same run.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from ops.bench.drain import drain
from ops.bench.load import Load, pour, producer_of
from ops.bench.pipeline import POUR_LINGER_MS, started
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from ops.stack import Stack

ONE: Final = 1
WORKER: Final = "worker-1"


def measure(
    stacks: Callable[[int], AbstractContextManager[Stack]],
    spread: Sequence[Load],
    hot: Sequence[Load],
) -> dict[str, Any]:
    """Return Decisions per second of both, and their ratio; each has a stack of its own."""
    figures = []
    for loads in (spread, hot):
        with stacks(ONE) as stack, started(stack, [WORKER], ONE):
            pour(producer_of(stack.endpoints.kafka, POUR_LINGER_MS), COMMANDS.name, loads)
            log = drain(stack.endpoints.kafka, time.time())
            figures.append(log.inside / log.seconds)
    uniform, one = figures
    return {
        "uniform_per_s": round(uniform),
        "hot_per_s": round(one),
        "ratio": round(one / uniform, 3),
    }
