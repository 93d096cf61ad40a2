"""The log as a sink reads it: every partition by hand, no group, from the position the store gives.

Owns: the consumer's settings, the topic's identity, the translation of client errors.
Never: commits an offset to the broker: the store's position is the only one.

The consumer never joins a group, so nothing rebalances; two processes on one partition are harmless
because stores compare before they advance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, Protocol, final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka import TopicCollection as Names
from confluent_kafka.admin import AdminClient

from ledger.sealing import CHAIN_HEADER
from schemas.access.kafka import Servers, entering
from sinks.errors import BrokerAway
from sinks.traced import TraceMarks

Record = tuple[int, bytes, bytes | None]  # offset, value, chain header

DESCRIBE_TIMEOUT_S: Final = 3.0
RECORDS_PER_POLL: Final = 4_000
SEEK_TIMEOUT_S: Final = 10.0
# read_committed is the client's default; it is said anyway. The queue is shared by all partitions.
CONSUMER: Final = {
    "group.id": "ledger-sinks",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "error",
    "isolation.level": "read_committed",
    "fetch.queue.backoff.ms": 5,
    # Without a least size the broker answers at every commit of any partition: a fetch for a few
    # records, from each sink.
    "fetch.min.bytes": 64 * 1024,
    "fetch.wait.max.ms": 50,
    "queued.min.messages": 20_000,
    "queued.max.messages.kbytes": 32_768,
    "reconnect.backoff.max.ms": 2_000,
    # Errors come as events of `poll`; the library itself writes nothing.
    "log_level": 2,
}
# The partition cannot be read on from where it stands; everything else the client retries itself.
LOST: Final = frozenset(
    {
        KafkaError._AUTO_OFFSET_RESET,  # noqa: SLF001 - the client's public spelling
        KafkaError.OFFSET_OUT_OF_RANGE,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
    }
)


class Source(Protocol):
    """What the runner needs of a log."""

    def describe(self) -> tuple[int, str]:
        """Return partition count and topic id, or raise `BrokerAway`."""
        ...

    def assign(self, offsets: Mapping[int, int]) -> None:
        """Read these partitions from these offsets."""
        ...

    def poll(self, timeout_s: float) -> tuple[dict[int, list[Record]], dict[int, str]]:
        """Return records by partition, and by partition why it cannot be read any more."""
        ...

    def complaint(self) -> str:
        """Return the client's newest complaint, once; it goes on trying by itself."""
        ...

    def end(self, partition: int) -> int:
        """Return the log's end as the client last heard it, negative when it never did."""
        ...

    def seek(self, partition: int, offset: int) -> bool:
        """Read the partition from another offset; False when that must be asked again."""
        ...

    def pause(self, partition: int) -> None:
        """Fetch no more of the partition."""
        ...

    def resume(self, partition: int) -> None:
        """Fetch the partition again."""
        ...

    def close(self) -> None:
        """Let go of the broker."""
        ...


@final
class KafkaSource:
    """The log on a broker. All calls come from one thread."""

    def __init__(self, bootstrap: Servers, topic: str, marks: TraceMarks | None = None) -> None:
        """Read a topic; `marks` is told the headers of each record, where somebody traces."""
        self._topic: Final = topic
        self._marks: Final = marks
        self._bootstrap: Final = bootstrap
        self._consumer: Final = Consumer({**CONSUMER, **entering(bootstrap)})
        self._complaint = ""

    def describe(self) -> tuple[int, str]:
        """Return partition count and topic id."""
        admin = AdminClient({**entering(self._bootstrap), "log_level": 2})
        asked = admin.describe_topics(Names([self._topic]), request_timeout=DESCRIBE_TIMEOUT_S)
        try:
            found = asked[self._topic].result()
        except KafkaException as error:
            reason = error.args[0].str()
            raise BrokerAway(f"{self._topic} at {self._bootstrap}: {reason}") from error
        return len(found.partitions), str(found.topic_id)

    def assign(self, offsets: Mapping[int, int]) -> None:
        """Read these partitions from these offsets."""
        self._consumer.assign([self._at(number, offset) for number, offset in offsets.items()])

    def poll(self, timeout_s: float) -> tuple[dict[int, list[Record]], dict[int, str]]:
        """Return what arrived."""
        records: dict[int, list[Record]] = defaultdict(list)
        lost: dict[int, str] = {}
        for message in self._consumer.consume(RECORDS_PER_POLL, timeout_s):
            error = message.error()
            partition = message.partition()
            if error is None:
                record = (message.offset(), message.value(), _chain_of(message))
                # The client types these as absent for messages that are errors.
                records[partition].append(record)  # type: ignore[arg-type, index]
                if self._marks is not None:
                    self._marks.note(partition, record[0], message.headers())
            elif error.code() in LOST and partition is not None:
                lost[partition] = error.str()
            else:
                self._complaint = error.str()
        return records, lost

    def complaint(self) -> str:
        """Return the client's newest complaint, once."""
        said, self._complaint = self._complaint, ""
        return said

    def end(self, partition: int) -> int:
        """Return the log's end as the client last heard it, negative when it never did."""
        place = TopicPartition(self._topic, partition)
        return int(self._consumer.get_watermark_offsets(place, cached=True)[1])

    def seek(self, partition: int, offset: int) -> bool:
        """Read the partition from another offset; what was fetched before is dropped."""
        try:
            self._consumer.seek(self._at(partition, offset))
        except KafkaException as error:
            self._complaint = error.args[0].str()
            return False
        return True

    def pause(self, partition: int) -> None:
        """Fetch no more of the partition."""
        self._consumer.pause([TopicPartition(self._topic, partition)])

    def resume(self, partition: int) -> None:
        """Fetch the partition again."""
        self._consumer.resume([TopicPartition(self._topic, partition)])

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _at(self, partition: int, offset: int) -> TopicPartition:
        return TopicPartition(self._topic, partition, offset)


def _chain_of(message: Message) -> bytes | None:
    headers = message.headers()
    for name, value in headers if isinstance(headers, list) else ():
        if name == CHAIN_HEADER and isinstance(value, bytes):
            return value
    return None
