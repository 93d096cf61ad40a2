"""Delivery: a few records of an operator to a topic, each acknowledged, or an error.

Owns: the producer of an operator, waiting for the broker, and what it refused.
Never: decides what is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from confluent_kafka import Producer

from ingress.sdk.client import producer_config, unacknowledged
from schemas.access.kafka import Servers
from topics.errors import TopicRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ops.per_partition import Record

TIMEOUT_S: Final = 10.0
QUEUE_MAX: Final = 100_000


def producer_for(address: Servers) -> Producer:
    """Connect an operator, whose records are few and go at once."""
    return Producer(producer_config(address, QUEUE_MAX, 0))


def deliver(producer: Producer, topic: str, records: Iterable[Record]) -> None:
    """Write the records. Raises `TopicRefusedError` when one of them was not acknowledged."""
    if why := unacknowledged(producer, topic, records, TIMEOUT_S):
        raise TopicRefusedError(topic, why)
