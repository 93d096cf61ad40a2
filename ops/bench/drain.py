"""Draining: wait until a log stands still, then read when its records were committed.

Owns: one pass over `ledger.events.v1`, with an even sample of its values.
Never: decodes; the record times of the broker are enough.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from confluent_kafka import Consumer, TopicPartition

from ops.bench.load import Load, pour_commands
from ops.rig import wait_for
from schemas.access.kafka import Servers, entering
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

QUIET_S: Final = 2.0
DEADLINE_S: Final = 3_600.0  # five million Decisions, on a machine that others use too
SAMPLE_EVERY: Final = 37  # prime, so that no rhythm of the traffic is caught
SAMPLES: Final = 1_000
MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Drained:
    """A log at rest: records in all, those produced after `since`, and the seconds these took."""

    total: int
    inside: int
    seconds: float
    samples: list[bytes]

    @property
    def per_s(self) -> float:
        """Records per second among those produced after `since`."""
        return self.inside / self.seconds


def flood(bootstrap: Servers, loads: Iterable[Load]) -> Drained:
    """Pour commands in and wait until they are worked off; counted is from the last one poured."""
    pour_commands(bootstrap, loads)
    return drain(bootstrap, time.time())


def drain(bootstrap: Servers, since: float) -> Drained:
    """Wait until the log is quiet, then read it; `since` is in seconds since the epoch."""
    consumer = Consumer(
        {**entering(bootstrap), "group.id": "bench", "isolation.level": "read_committed"}
    )
    try:
        _until_quiet(consumer)
        return _read(consumer, since)
    finally:
        consumer.close()


def ends_of(consumer: Consumer, topic: str) -> dict[int, int]:
    """Return the end offset of each partition."""
    found = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    marks = {n: consumer.get_watermark_offsets(TopicPartition(topic, n), timeout=10) for n in found}
    return {number: high for number, (_, high) in marks.items()}


def _until_quiet(consumer: Consumer) -> None:
    seen, since = -1, time.monotonic()

    def quiet() -> bool:
        nonlocal seen, since
        end = sum(ends_of(consumer, EVENTS.name).values())
        if end != seen:
            seen, since = end, time.monotonic()
        return seen > 0 and time.monotonic() - since > QUIET_S

    wait_for("the log to come to rest", quiet, DEADLINE_S)


def _read(consumer: Consumer, since: float) -> Drained:
    ends = ends_of(consumer, EVENTS.name)
    consumer.assign([TopicPartition(EVENTS.name, number, 0) for number in ends])
    times: list[float] = []
    values: list[bytes] = []
    while _behind(consumer, ends):
        for message in consumer.consume(5_000, 0.5):
            if message.error() is not None:
                continue  # a broker that was away for a moment; the records still come
            times.append(message.timestamp()[1] / MS)
            if len(times) % SAMPLE_EVERY == 0:
                values.append(message.value() or b"")
    inside = [each for each in times if each >= since]
    step = max(1, len(values) // SAMPLES)
    seconds = max(inside, default=0.0) - min(inside, default=0.0)
    return Drained(len(times), len(inside), seconds, values[::step])


def _behind(consumer: Consumer, ends: Mapping[int, int]) -> bool:
    places = consumer.position([TopicPartition(EVENTS.name, number) for number in ends])
    return any(max(0, place.offset) < ends[place.partition] for place in places)
