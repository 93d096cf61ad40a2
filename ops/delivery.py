"""Delivery: a few records of an operator to a topic, each acknowledged, or an error.

Owns: the producer of an operator, waiting for the broker, and what it refused.
Never: decides what is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from confluent_kafka import Producer

from ingress.sdk.client import producer_config
from schemas.access.kafka import Servers
from topics.errors import TopicRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confluent_kafka import KafkaError, Message

    from ops.per_partition import Record

TIMEOUT_S: Final = 10.0
QUEUE_MAX: Final = 100_000


def producer_for(address: Servers) -> Producer:
    """Connect an operator, whose records are few and go at once."""
    return Producer(producer_config(address, QUEUE_MAX, 0))


def deliver(producer: Producer, topic: str, records: Iterable[Record]) -> None:
    """Write the records. Raises `TopicRefusedError` when one of them was not acknowledged.

    An empty queue is no acknowledgement: what the broker refused has left it too.
    """
    errors: list[str] = []

    def report(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            errors.append(error.str())

    for key, value, partition in records:
        producer.produce(topic, value, key, partition, on_delivery=report)
    left = producer.flush(TIMEOUT_S)
    if errors:
        raise TopicRefusedError(topic, errors[0])
    if left:
        raise TopicRefusedError(topic, f"not acknowledged within {TIMEOUT_S:.0f} s")
