"""Source: the committed records of one topic partition, whole, between two offsets.

Owns: the consumer of a backup. Every header is kept, repeated and empty ones too.
Never: reads beyond the last stable offset.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final, cast, final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from ingress.sdk.client import end_offset, reader_config
from ops.backup.segment import Entry, Headers
from ops.reading import BATCH, POLL_S, TIMEOUT_S
from schemas.access.kafka import Servers
from topics.errors import BrokerUnreachableError

STALLED_S: Final = 30.0
# A transaction that is open for longer belongs to somebody who died; the broker ends it by then.
OPEN_S: Final = 15.0
PAUSE_S: Final = 0.02


@final
class Source:
    """Reads partitions one after the other."""

    def __init__(self, address: Servers) -> None:
        self._address: Final = address
        config = {**reader_config(address), "enable.partition.eof": True}
        self._reader: Final = Consumer(config)
        # Asked on connections of their own: behind a waiting fetch an answer takes 20 ms longer.
        self._committed: Final = Consumer(config)
        self._all: Final = Consumer({**config, "isolation.level": "read_uncommitted"})

    def first(self, topic: str, partition: int) -> int:
        """Return the first offset that retention has left."""
        place = TopicPartition(topic, partition)
        return self._committed.get_watermark_offsets(place, TIMEOUT_S)[0]

    def end(self, topic: str, partition: int) -> int:
        """Return the last stable offset, once what was written by now is committed or aborted."""
        high = end_offset(self._all, self._address, topic, partition, TIMEOUT_S)
        deadline = time.monotonic() + OPEN_S
        while True:
            stable = end_offset(self._committed, self._address, topic, partition, TIMEOUT_S)
            if stable >= high or time.monotonic() > deadline:
                return stable
            time.sleep(PAUSE_S)

    def entries(self, topic: str, partition: int, start: int, end: int) -> Iterator[Entry]:
        """Yield the committed records from one offset up to another."""
        if start >= end:
            return
        self._reader.assign([TopicPartition(topic, partition, start)])
        alive = time.monotonic()
        while time.monotonic() - alive <= STALLED_S:
            for message in self._reader.consume(BATCH, POLL_S):
                alive = time.monotonic()
                if _is_over(message, end):
                    return
                if message.error() is None:
                    yield entry_of(message)
        raise BrokerUnreachableError(self._address, f"{topic}[{partition}] cannot be read")

    def close(self) -> None:
        """Let go of the broker."""
        self._reader.close()
        self._committed.close()
        self._all.close()


def _is_over(message: Message, end: int) -> bool:
    """Say whether there is nothing more to read. Raises `KafkaException`."""
    error = message.error()
    if error is None:
        return (message.offset() or 0) >= end
    if error.code() != KafkaError._PARTITION_EOF and not error.retriable():  # noqa: SLF001 - public
        raise KafkaException(error)
    return error.code() == KafkaError._PARTITION_EOF  # noqa: SLF001 - a public code


def entry_of(message: Message) -> Entry:
    """Return a consumed record as it is archived."""
    offset = message.offset()
    assert offset is not None, "a consumed record has its offset"
    headers = cast("Headers", tuple(message.headers() or ()))
    return Entry(offset, message.timestamp()[1], message.key(), message.value(), headers)
