"""Client: the two librdkafka configurations of the SDK, and the first contact with a broker.

Owns: settings that correctness needs: partitioner, acknowledgements, idempotence, isolation.
Never: leaves one of them to a default.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic, sleep
from typing import Any, Final, Protocol

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from ingress.sdk.errors import BrokerUnreachableError, NotAllowedError, TopicMissingError
from schemas.access.kafka import Servers, entering
from topics.refusal import refusal

DELIVERY_TIMEOUT_MS: Final = 30_000
RETRY_PAUSE_S: Final = 0.05


class _Client(Protocol):
    def list_topics(self, topic: str | None = None, timeout: float = -1) -> Any: ...  # noqa: ANN401 - the client's own answer


def producer_config(address: Servers, queue_max: int, linger_ms: float) -> dict[str, Any]:
    """Return the configuration of a command producer."""
    return {
        **entering(address),
        "acks": "all",
        "enable.idempotence": True,
        # Every record names its partition; should one ever not, it still lands where Java puts it.
        "partitioner": "murmur2_random",
        "compression.type": "lz4",
        "linger.ms": linger_ms,
        "queue.buffering.max.messages": queue_max,
        "delivery.timeout.ms": DELIVERY_TIMEOUT_MS,
        "retry.backoff.ms": 10,
        "log_level": 0,
    }


def reader_config(address: Servers) -> dict[str, Any]:
    """Return the configuration of a result reader: committed records only, no group, no commits."""
    return {
        **entering(address),
        "group.id": "ledger-sdk",  # demanded by the client; nothing is ever stored under it
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
        # The first record of any partition ends the wait: an idle reader asks ten times a second.
        "fetch.wait.max.ms": 100,
        "fetch.queue.backoff.ms": 5,
        "log_level": 0,
    }


def partition_count(client: _Client, address: Servers, topic: str, timeout_s: float) -> int:
    """Return the topic's partition count, asking until the deadline. Names what is missing."""
    try:
        found = client.list_topics(topic, timeout=timeout_s).topics[topic]
    except KafkaException as error:
        first = error.args[0]
        why = first.name() if isinstance(first, KafkaError) else str(first)
        raise BrokerUnreachableError(address, why) from error
    if found.error is not None and (said := refusal(address, found.error.code(), topic)):
        raise NotAllowedError(topic, said)
    if found.error is not None or not found.partitions:
        raise TopicMissingError(topic, address)
    return len(found.partitions)


def unacknowledged(
    producer: Producer, topic: str, records: Iterable[tuple[bytes, bytes, int]], timeout_s: float
) -> str:
    """Write records of key, value and partition; return why one is not in the log, or nothing.

    An empty queue is no acknowledgement: what the broker refused has left it too.
    """
    errors: list[str] = []

    def told(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            errors.append(error.str())

    for key, value, partition in records:
        producer.produce(topic, value, key, partition, on_delivery=told)
    if producer.flush(timeout_s):
        errors.append(f"not acknowledged within {timeout_s:.0f} s")
    return errors[0] if errors else ""


def end_offset(
    consumer: Consumer, address: Servers, topic: str, partition: int, timeout_s: float
) -> int:
    """Return the offset after the last committed record; a missing leader is awaited."""
    deadline = monotonic() + timeout_s
    while True:
        try:
            return consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout_s)[1]
        except KafkaException as error:
            if monotonic() >= deadline:
                raise BrokerUnreachableError(address, str(error.args[0])) from error
            sleep(RETRY_PAUSE_S)
