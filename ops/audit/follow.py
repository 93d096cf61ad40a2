"""Following the log: every partition of the ledger, sealed groups only, in order.

Owns: one consumer over all partitions and a `SealReader` for each.
Never: keeps offsets anywhere; it starts at the beginning, as anybody can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from confluent_kafka import Consumer, KafkaError, TopicPartition

from ledger.sealing import CHAIN_HEADER, LogError, SealedGroup, SealReader
from schemas.access.kafka import Servers, entering
from schemas.codec import CodecError, decode
from schemas.messages.decisions import Decision
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confluent_kafka import Message

MAX_MESSAGES: Final = 2_000
METADATA_TIMEOUT_S: Final = 10.0
AWAY: Final = frozenset({KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT})  # noqa: SLF001 - as above


def _decision(value: bytes) -> Decision:
    return decode(Decision, value)


@final
class LogFollower:
    """Reads `ledger.events.v1` from its beginning and hands out sealed groups."""

    def __init__(self, bootstrap: Servers) -> None:
        self._consumer: Final = Consumer(
            {
                **entering(bootstrap),
                "group.id": "ledger-audit",  # never used: positions are assigned, nothing commits
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "enable.partition.eof": True,
                "isolation.level": "read_committed",
                "log_level": 2,
                "fetch.queue.backoff.ms": 5,
                "fetch.wait.max.ms": 100,
            }
        )
        found = self._consumer.list_topics(EVENTS.name, timeout=METADATA_TIMEOUT_S)
        partitions = sorted(found.topics[EVENTS.name].partitions)
        self.readers: Final = {number: SealReader(number, _decision) for number in partitions}
        # Partition -> next offset to read, transaction markers stepped over.
        self.reached: Final[dict[int, int]] = dict.fromkeys(partitions, 0)
        self._consumer.assign([TopicPartition(EVENTS.name, number, 0) for number in partitions])

    def poll(self, timeout_s: float = 0.05) -> Iterator[SealedGroup]:
        """Yield the groups that have become whole. Raises `LogError` on damage."""
        for message in self._consumer.consume(MAX_MESSAGES, timeout_s):
            error = message.error()
            if error is not None:
                self._hear(error, message)
                continue
            group = self._take(message)
            if group is not None:
                yield group

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _hear(self, error: KafkaError, message: Message) -> None:
        """The end of a partition is a position; a broker that is away comes back by itself."""
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the client's public name
            partition, offset = message.partition(), message.offset()
            assert partition is not None, "the end of a partition has its coordinates"
            assert offset is not None, "the end of a partition has its coordinates"
            self.reached[partition] = max(self.reached[partition], offset)
        elif not error.retriable() and error.code() not in AWAY:
            raise RuntimeError(str(error))

    def _take(self, message: Message) -> SealedGroup | None:
        partition, offset, value = message.partition(), message.offset(), message.value()
        assert partition is not None, "a consumed record has its coordinates"
        assert offset is not None, "a consumed record has its coordinates"
        self.reached[partition] = offset + 1
        headers = dict(message.headers() or ())
        chain = headers.get(CHAIN_HEADER)
        try:
            return self.readers[partition].take(
                offset, value or b"", chain if isinstance(chain, bytes) else None
            )
        except CodecError as error:
            where = f"log partition {partition}, offset {offset}"
            raise LogError(f"{where}: unreadable: {error}") from error
