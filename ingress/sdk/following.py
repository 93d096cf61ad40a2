"""Following: one topic from its beginning or from where somebody left it, committed records only.

Owns: the consumer of the readers, and what a lost position is.
Never: stores a position; the caller keeps the one that belongs to what it has written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition

from ingress.sdk.client import partition_count, reader_config
from ingress.sdk.errors import ClosedError, PositionLostError
from schemas.access.kafka import Servers

BATCH: Final = 2_000
CONNECT_TIMEOUT_S: Final = 10.0


class Followed(NamedTuple):
    """One record."""

    partition: int
    offset: int
    value: bytes
    headers: Mapping[str, bytes]


@final
class TopicFollower:
    """Follows every partition of a topic. For one thread.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(self, address: Servers, topic: str, starts: Mapping[int, int]) -> None:
        """Start at `starts` (partition -> next offset); others start at the beginning."""
        self._topic: Final = topic
        self._consumer: Final = Consumer(reader_config(address))
        self.partitions: Final = partition_count(self._consumer, address, topic, CONNECT_TIMEOUT_S)
        places = [
            TopicPartition(topic, number, starts.get(number, OFFSET_BEGINNING))
            for number in range(self.partitions)
        ]
        self._consumer.assign(places)
        self._open = True

    def poll(self, timeout_s: float) -> Iterator[Followed]:
        """Yield what has come, waiting at most `timeout_s` for the first.

        Raises `PositionLostError` when records were deleted before they were read.
        """
        if not self._open:
            raise ClosedError("the reader is closed")
        for message in self._consumer.consume(BATCH, timeout_s):
            record = self._record(message)
            if record is not None:
                yield record

    def close(self) -> None:
        """Stop reading."""
        if self._open:
            self._open = False
            self._consumer.close()

    def _record(self, message: Message) -> Followed | None:
        partition, error = message.partition() or 0, message.error()
        if error is not None:
            if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 - a public code
                raise PositionLostError(self._topic, partition, error.str())
            return None  # librdkafka goes on by itself
        offset, value = message.offset(), message.value()
        assert offset is not None, "a consumed record has its offset"
        given = dict(message.headers() or ())
        headers = {name: each for name, each in given.items() if isinstance(each, bytes)}
        return Followed(partition, offset, value or b"", headers)
