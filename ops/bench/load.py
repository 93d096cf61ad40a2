"""Load: records put on a topic, as fast as it goes or at a rate.

Owns: producing pre-encoded records.
Never: makes commands; the generator does.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from confluent_kafka import Producer

from schemas.access.kafka import Servers, entering
from topics.catalog import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

QUEUE: Final = 100_000
FLUSH_S: Final = 60.0
TICK_S: Final = 0.002
POUR_LINGER_MS: Final = 20


class Load(NamedTuple):
    """One record to produce; `tag` finds its answer again."""

    key: bytes | None
    value: bytes | None
    partition: int
    tag: str


def producer_of(bootstrap: Servers, linger_ms: int) -> Producer:
    """Return an idempotent producer that waits `linger_ms` for a fuller batch."""
    return Producer(
        {
            **entering(bootstrap),
            "enable.idempotence": True,
            "acks": "all",
            "linger.ms": linger_ms,
            "compression.type": "lz4",
            "queue.buffering.max.messages": QUEUE,
        }
    )


def pour(producer: Producer, topic: str, records: Iterable[Load]) -> int:
    """Produce everything as fast as it goes and wait until it is acknowledged; return how many."""
    count = 0
    for record in records:
        while True:
            try:
                producer.produce(topic, record.value, record.key, record.partition)
                break
            except BufferError:
                producer.poll(0.01)
        count += 1
    if producer.flush(FLUSH_S):
        message = f"{topic}: the broker did not acknowledge everything in {FLUSH_S:.0f} s"
        raise TimeoutError(message)
    return count


def pour_commands(bootstrap: Servers, records: Iterable[Load]) -> int:
    """Put everything on the commands topic as fast as it goes; return how many."""
    return pour(producer_of(bootstrap, POUR_LINGER_MS), COMMANDS.name, records)


def drip(
    producer: Producer,
    topic: str,
    records: Iterable[Load],
    rate: int,
    sent: Callable[[str, float], None],
) -> int:
    """Produce at `rate` records/s; tell `sent` each tag with its due time (monotonic seconds).

    The due time counts, not the moment of the call: a stalled loop must not hide latency.
    """
    began = time.monotonic()
    count = 0
    for record in records:
        due = began + count / rate
        while (now := time.monotonic()) < due:
            producer.poll(min(TICK_S, due - now))
        sent(record.tag, due)
        producer.produce(topic, record.value, record.key, record.partition)
        count += 1
    producer.flush(FLUSH_S)
    return count
