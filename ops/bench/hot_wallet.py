"""`bench hot-wallet`: one wallet takes every command, beside the same commands spread over many.

Theory: a partition has one writer, which takes its records in order whoever they are for: nothing
is locked, so a hot wallet should cost no more than any other. One worker drains a backlog of card
top-ups on one partition, once for many wallets, then for one, in the same run.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ops.bench.drain import flood
from ops.bench.pipeline import started

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from ops.bench.load import Load
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
            figures.append(flood(stack.endpoints.kafka, loads).per_s)
    uniform, one = figures
    return {
        "uniform_per_s": round(uniform),
        "hot_per_s": round(one),
        "ratio": round(one / uniform, 3),
    }
