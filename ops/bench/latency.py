"""`bench latency`: from a command being due to its answer being read, at a steady rate.

Theory: one client paces records and reads answers, for the ledger and for the plain loop alike, so
its own cost is in both figures. The clock of a command starts when it is due, not when the client
got round to it.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import json
import subprocess
import time
from typing import TYPE_CHECKING, Any, Final

from ops.answers import Answers, key_tag, result_tag
from ops.bench.limit import write_samples
from ops.bench.load import Load, drip, producer_of
from ops.bench.pipeline import PARTITIONS
from ops.bench.plain import PlainConfig
from ops.bench.quantiles import quantile
from topics.catalog import RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.stack import Stack

LINGER_MS: Final = 1
WARM_UP_S: Final = 3.0
PATIENCE_S: Final = 20.0


def paced(
    stack: Stack, loads: Sequence[Load], rate: int, answers: Answers, topic: str
) -> dict[str, float]:
    """Send at a rate and return the quantiles, without the first seconds of warm-up."""
    began = time.monotonic()
    try:
        drip(producer_of(stack.endpoints.kafka, LINGER_MS), topic, loads, rate, answers.sent)
        answers.wait(PATIENCE_S)
    finally:
        answers.close()
    taken = [each.seconds for each in answers.taken if each.due >= began + WARM_UP_S]
    return {
        "samples": len(taken),
        "p50_ms": round(quantile(taken, 0.50) * 1_000, 1),
        "p99_ms": round(quantile(taken, 0.99) * 1_000, 1),
        "p999_ms": round(quantile(taken, 0.999) * 1_000, 1),
    }


def ledger_latency(stack: Stack, loads: Sequence[Load], rate: int, topic: str) -> dict[str, float]:
    """Measure produce-to-result of the running workers."""
    answers = Answers(stack.endpoints.kafka, RESULTS.name, result_tag)
    return paced(stack, loads, rate, answers, topic)


def plain_latency(
    stack: Stack, loads: Sequence[Load], rate: int, samples: Sequence[bytes], processes: int
) -> dict[str, Any]:
    """Measure the plain loop with the same records, the same rate and as many processes."""
    path = write_samples(stack.layout.root, samples)
    running = []
    for number in range(processes):
        config = PlainConfig(
            stack.endpoints.kafka,
            "bench.commands",
            "bench.answers",
            list(range(number, PARTITIONS, processes)),
            str(path),
            0,
            f"plain-latency-{number}",
        )
        running.append(subprocess.Popen(config.argv(), stdout=subprocess.PIPE, text=True))
    try:
        for process in running:
            assert process.stdout is not None, "it was piped"
            assert json.loads(process.stdout.readline())["ready"], "the plain loop says so first"
        answers = Answers(stack.endpoints.kafka, "bench.answers", key_tag)
        return paced(stack, loads, rate, answers, "bench.commands")
    finally:
        for process in running:
            process.terminate()
            process.wait(10)
