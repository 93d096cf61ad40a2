"""Result tail: the topic of results, read from its end on, every partition by one reader.

Owns: the position per partition, and that a record is told once.
Never: joins a group or stores a position.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from ingress.sdk.client import end_offset, partition_count, reader_config
from ingress.sdk.errors import ClosedError, PositionLostError
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.results import Result
from topics.catalog import RESULTS

BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """How results are read. Times in seconds."""

    topic: str = RESULTS.name
    connect_timeout_s: float = 10.0


DEFAULTS: Final = ReaderSettings()


class ResultTail:
    """New results of every partition; for one thread.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(
        self,
        address: Servers,
        positions: Mapping[int, int] | None = None,
        settings: ReaderSettings = DEFAULTS,
    ) -> None:
        """Start at `positions` (partition -> next offset); others start at the end."""
        self._settings: Final = settings
        self._consumer: Final = Consumer(reader_config(address))
        timeout_s = settings.connect_timeout_s
        count = partition_count(self._consumer, address, settings.topic, timeout_s)
        known = positions or {}
        self._next: Final = {
            partition: known[partition]
            if partition in known
            else end_offset(self._consumer, address, settings.topic, partition, timeout_s)
            for partition in range(count)
        }
        self._consumer.assign(
            [TopicPartition(settings.topic, part, offset) for part, offset in self._next.items()]
        )
        self._open = True

    def positions(self) -> dict[int, int]:
        """Return the next offset to read per partition, for a later reader."""
        return dict(self._next)

    def read(self, timeout_s: float, wanted: Callable[[bytes], bool]) -> list[Result]:
        """Return new results whose key is wanted, waiting at most `timeout_s` for a record.

        Raises `PositionLostError` when results were deleted before they were read.
        """
        if not self._open:
            raise ClosedError("the reader is closed")
        found = [self._take(each, wanted) for each in self._consumer.consume(BATCH, timeout_s)]
        return [result for result in found if result is not None]

    def close(self) -> None:
        """Stop reading."""
        if self._open:
            self._open = False
            self._consumer.close()

    def _take(self, message: Message, wanted: Callable[[bytes], bool]) -> Result | None:
        """Note one record; return its result when it is new and wanted."""
        partition = message.partition() or 0
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._AUTO_OFFSET_RESET:  # noqa: SLF001 - a public code
                raise PositionLostError(self._settings.topic, partition, error.str())
            return None  # librdkafka goes on by itself
        offset, key, value = message.offset(), message.key(), message.value()
        if offset is None or offset < self._next[partition]:
            return None
        self._next[partition] = offset + 1
        if value is None or key is None or not wanted(key):
            return None
        return decode(Result, value)
