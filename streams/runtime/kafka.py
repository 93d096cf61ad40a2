"""The reading side of the broker for recovery, on confluent-kafka.

Owns: the consumer's settings, bounds, topic ids, reading the log's tail and single inputs.
Never: joins a group or commits an offset: positions come from our own log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient

from schemas.access.kafka import Servers, entering
from streams.runtime.errors import BrokerAwayError, RuntimeFault, StaleLeaderError, WrongConfigError
from streams.runtime.job import InputRecord, LogRecord
from streams.runtime.kafka_errors import cause_of, reading_fault
from streams.runtime.ports import Clock

# How long a question to the broker may take before it counts as away.
ASK_S: Final = 10.0
# A longer wait would be spent at the end of every recovery, when only markers are left.
TAKE_S: Final = 0.02
# Reading one input again: the fetch of one record takes a few milliseconds.
READ_INPUT_S: Final = 10.0


def consumer_settings(servers: Servers) -> dict[str, str | int | bool]:
    """Return the exact settings of a recovering reader."""
    return {
        **entering(servers),
        "group.id": "ledger-recovery-assigns-by-hand",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        # The default of 1000 ms stalls bulk reads: 34 k -> 168 k records/s.
        "fetch.queue.backoff.ms": 5,
        "fetch.wait.max.ms": 10,
        # Several partitions recover at once: 8 MiB each, not 64.
        "queued.max.messages.kbytes": 8192,
    }


@final
class KafkaBroker:
    """Satisfies `Broker`. One object serves every partition of the process."""

    def __init__(self, servers: Servers, clock: Clock) -> None:
        self._servers: Final = servers
        self._clock: Final = clock
        self._admin = self._new_admin()
        self._marks = self._new_marks()

    def topic_id(self, topic: str) -> str:
        """Kafka's id of the topic; changes when it is recreated."""
        admin = self._admin  # held until it has answered, also when another thread renews it
        future = admin.describe_topics(TopicCollection([topic]), request_timeout=ASK_S)[topic]
        try:
            return str(future.result(ASK_S).topic_id)
        except KafkaException as error:
            cause = cause_of(error)
            if cause.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise WrongConfigError(f"topic {topic} does not exist") from error
            raise self._away(error, f"describe {topic}") from error
        except TimeoutError as error:
            raise BrokerAwayError(f"describe {topic}: no answer from {self._servers}") from error

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """First offset and end offset, uncommitted records included."""
        try:
            return self._ask_bounds(topic, partition)
        except StaleLeaderError:
            return self._ask_bounds(topic, partition)  # by a new client

    def tail(self, topic: str, partition: int, offset: int) -> KafkaTail:
        """Start reading committed records."""
        return KafkaTail(Consumer(consumer_settings(self._servers)), topic, partition, offset)

    def read_input(self, topic: str, partition: int, offset: int) -> InputRecord | None:
        """Read one committed record again, or None when retention has removed it."""
        first, end = self.bounds(topic, partition)
        if not first <= offset < end:
            return None
        tail = self.tail(topic, partition, offset)
        until = self._clock.monotonic() + READ_INPUT_S
        try:
            while tail.position() <= offset:
                for message in tail.messages(1):
                    found = message.offset() == offset
                    return _input_record(message) if found else None
                if self._clock.monotonic() > until:
                    raise BrokerAwayError(f"{topic}[{partition}]: offset {offset} cannot be read")
        finally:
            tail.close()
        return None

    def _ask_bounds(self, topic: str, partition: int) -> tuple[int, int]:
        # Not the admin client's list_offsets: asked by several threads while it still learns who
        # leads, librdkafka 2.16 touches freed memory and the process dies (ADR 35).
        place, marks = TopicPartition(topic, partition), self._marks
        what = f"{topic}[{partition}]"
        try:
            answer = marks.get_watermark_offsets(place, timeout=ASK_S)
        except KafkaException as error:
            raise self._away(error, f"offsets of {what}") from error
        if answer is None:
            raise BrokerAwayError(f"offsets of {what}: no answer from {self._servers}")
        first, end = answer
        return known_offset(first, what), known_offset(end, what)

    def _away(self, error: KafkaException, call: str) -> RuntimeFault:
        # The client goes on asking by the leader epochs it once learned, and a broker that was
        # restarted refuses those for ever (FENCED_LEADER_EPOCH); a new client learns them anew.
        self._admin, self._marks = self._new_admin(), self._new_marks()
        cause = cause_of(error)
        if cause.code() == KafkaError.FENCED_LEADER_EPOCH:
            return StaleLeaderError(f"{self._servers}: {call}: {cause.str()}")
        return reading_fault(cause, f"{self._servers}: {call}")

    def _new_admin(self) -> AdminClient:
        return AdminClient({**entering(self._servers)})

    def _new_marks(self) -> Consumer:
        # It is never assigned anything: it only asks where partitions begin and end.
        return Consumer({**consumer_settings(self._servers), "isolation.level": "read_uncommitted"})


def known_offset(offset: int, place: str) -> int:
    """Return an offset, or say that there is none: a broker that has just begun answers so.

    Taken for the end of a log it would make an empty one of it.
    """
    if offset < 0:
        raise BrokerAwayError(f"offsets of {place}: the broker knows none yet, it says {offset}")
    return offset


@final
class KafkaTail:
    """Satisfies `Tail`."""

    def __init__(self, consumer: Consumer, topic: str, partition: int, offset: int) -> None:
        self._consumer: Final = consumer
        self._place: Final = TopicPartition(topic, partition)
        self._position = offset
        consumer.assign([TopicPartition(topic, partition, offset)])

    def take(self, limit: int) -> Sequence[LogRecord]:
        """Return the next records, at most `limit`; empty when none came in milliseconds."""
        return [
            LogRecord(
                message.key() or b"",
                message.value() or b"",
                _headers(message),
                message.offset() or 0,
            )
            for message in self.messages(limit)
        ]

    def messages(self, limit: int) -> list[Message]:
        """Return the next messages; the end of the partition only moves the position."""
        read = self._consumer.consume(num_messages=limit, timeout=TAKE_S)
        messages: list[Message] = []
        for message in read:
            error = message.error()
            if error is None:
                messages.append(message)
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the client's name
                self._position = max(self._position, message.offset() or 0)
            else:
                raise reading_fault(error, f"read {self._place.topic}[{self._place.partition}]")
        if messages:
            self._position = max(self._position, (messages[-1].offset() or 0) + 1)
        return messages

    def position(self) -> int:
        """Where the read stands, transaction markers and aborted records stepped over."""
        return self._position

    def close(self) -> None:
        """Give the reader back."""
        self._consumer.close()


def _headers(message: Message) -> tuple[tuple[str, bytes], ...]:
    headers = message.headers()
    return tuple(headers) if headers else ()  # type: ignore[arg-type]


def _input_record(message: Message) -> InputRecord:
    kind_and_time = message.timestamp()
    return InputRecord(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        kind_and_time[1] * 1000,
        message.key(),
        message.value(),
    )
