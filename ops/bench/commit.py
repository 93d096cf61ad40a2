"""`bench commit`: what a Kafka transaction costs, by how much it holds and by how many run at once.

Theory: the runtime's own producer commits groups as a partition does: Decisions to the log, results
to a second topic, end of the transaction. Every group size runs for a while with one producer, then
with one per partition, as on a busy worker. What a record of a small group pays is mostly the
transaction; that is why groups wait for company.

Owns: that measurement.
Never: asserts a figure.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from ops.bench.pipeline import PARTITIONS
from ops.bench.quantiles import quantile
from schemas.access.kafka import Servers
from streams.runtime.clock import SystemClock
from streams.runtime.job import LogRecord, Output
from streams.runtime.kafka_producer import KafkaTransactions
from streams.runtime.limits import LIMITS
from streams.runtime.watchdog import CallWatch
from topics.catalog import EVENTS, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streams.runtime.ports import Transactions

SIZES: Final = (1, 10, 100, 1_000)
PRODUCERS: Final = (1, PARTITIONS)
RESULT_BYTES: Final = 150
MS: Final = 1_000


def measure(
    bootstrap: Servers, samples: Sequence[bytes], seconds: float, sizes: Iterable[int] = SIZES
) -> dict[str, Any]:
    """Return, by producers and group size, milliseconds of a commit and records per second."""
    clock = SystemClock()
    producers: list[Transactions] = []
    for number in range(PARTITIONS):
        name = f"bench-commit-{number}"
        watch = CallWatch(name, clock)
        producers.append(KafkaTransactions(bootstrap, name, (EVENTS.name, number), clock, watch))
        producers[-1].fence()
    return {
        f"{count} x {size}": committed(producers[:count], samples, size, seconds)
        for count in PRODUCERS
        for size in sizes
    }


def committed(
    producers: Sequence[Transactions], samples: Sequence[bytes], size: int, seconds: float
) -> Mapping[str, float]:
    """Let the producers commit groups of that size side by side for some seconds."""
    taken: list[float] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_commit, args=(producer, number, samples, size, until, taken))
        for number, producer in enumerate(producers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "p50_ms": round(quantile(taken, 0.50) * MS, 1),
        "p99_ms": round(quantile(taken, 0.99) * MS, 1),
        "transactions_per_s": round(len(taken) / seconds, 1),
        "records_per_s": round(len(taken) * size / seconds),
    }


def _commit(  # noqa: PLR0913 - one thread's work, each argument used once
    producer: Transactions,
    partition: int,
    samples: Sequence[bytes],
    size: int,
    until: float,
    taken: list[float],
) -> None:
    group = [LogRecord(b"w", samples[each % len(samples)], (), 0) for each in range(size)]
    results = [Output(RESULTS.name, partition, b"w", bytes(RESULT_BYTES))] * size
    while time.monotonic() < until:
        began = time.monotonic()
        producer.begin()
        producer.send_log(group)
        producer.send(results)
        producer.commit()
        taken.append(time.monotonic() - began)
        time.sleep(LIMITS.commit_gap_s)
