"""`bench sinks`: each sink alone on a full log, beside the same rows written as plainly as it goes.

Theory: a log is made in this process and put on Kafka. Then the shipped runner drains it into an
empty store: read, check chain and seals, decode, make rows, write them with the position. Beside it
the very same rows, made beforehand and held in memory, go into a wiped store in batches of the same
size from as many threads. The ratio is what all but the writing costs. They are written once more
before all that, and not measured: whoever came first would pay for a server that has just started,
and Cassandra's first minute is several times slower than its second.

Owns: that measurement, in Decisions per second.
Never: asserts a figure.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from ops.bench import plain_stores
from ops.bench.load import POUR_LINGER_MS, QUEUE, producer_of
from ops.rig import wait_for
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks.collector import collect_seldom
from sinks.stores import LIMITS, feeding, open_sink
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.stack import Stack
    from sinks.batch import Sink
    from sinks.runner import Runner
    from streams.runtime.job import LogRecord

DEADLINE_S: Final = 1_800.0

Log = list[list["LogRecord"]]  # the records of each partition


def publish(bootstrap: Servers, log: Log) -> None:
    """Put a finished log on its topic."""
    producer = producer_of(bootstrap, POUR_LINGER_MS)
    for partition, records in enumerate(log):
        for number, record in enumerate(records):
            if number % QUEUE == 0:
                producer.flush()
            producer.produce(
                EVENTS.name, record.value, record.key, partition, headers=list(record.headers)
            )
        producer.flush()


def measure(stack: Stack, store: str, log: Log) -> dict[str, Any]:
    """Return the figures of one store; the stack has Kafka with the log, and the empty store."""
    place = getattr(stack.endpoints, store)
    decisions = sum(map(len, log))
    collect_seldom()  # as the shipped process does
    with _opened(store, place) as sink, closing(plain_stores.WRITERS[store](place)) as writer:
        _written(writer, store, log)
        writer.wipe()
        seconds, cpu_s = _drained(store, stack.endpoints.kafka, sink, decisions)
        plain_s, rows = _written(writer, store, log)
    return {
        "decisions_per_s": round(decisions / seconds),
        "cpu_us_per_decision": round(cpu_s / decisions * 1e6, 1),
        "rows_per_decision": round(rows / decisions, 2),
        "plain_per_s": round(decisions / plain_s),
        "ratio": round(plain_s / seconds, 3),
    }


@contextmanager
def _opened(store: str, place: str) -> Iterator[Sink]:
    sink = open_sink(store, place)
    try:
        yield sink
    finally:
        sink.close()


def _drained(store: str, kafka: Servers, sink: Sink, decisions: int) -> tuple[float, float]:
    """Run the sink until it has written them all; return its seconds and its CPU seconds."""
    stop = threading.Event()
    runner = feeding(store, kafka, sink, stop)
    thread = threading.Thread(target=runner.run, name=store)
    began, cpu = time.monotonic(), time.process_time()
    thread.start()
    try:
        wait_for(f"{store} to take the log", lambda: _done(runner, decisions), DEADLINE_S)
        return time.monotonic() - began, time.process_time() - cpu
    finally:
        stop.set()
        thread.join()


def _done(runner: Runner, decisions: int) -> bool:
    if runner.halted:
        raise RuntimeError(f"{runner.name} halted: {runner.halted}")
    return sum(lane.written for lane in list(runner.lanes.values())) == decisions


def _written(writer: plain_stores.Writer, store: str, log: Log) -> tuple[float, int]:
    """Wipe the store, make every row, then write them; return the seconds of that and the rows."""
    size = LIMITS[store].batch_decisions
    writer.wipe()
    lanes = [
        [
            writer.made(partition, [decode(Decision, each.value) for each in some])
            for some in _cut(records, size)
        ]
        for partition, records in enumerate(log)
    ]
    with ThreadPoolExecutor(len(log)) as pool:
        began = time.monotonic()
        rows = sum(pool.map(writer.write, range(len(log)), lanes))
        return time.monotonic() - began, rows


def _cut(records: list[LogRecord], size: int) -> list[list[LogRecord]]:
    return [records[start : start + size] for start in range(0, len(records), size)]
