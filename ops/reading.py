"""Reading: the records of a topic from one position to its end, and the sealed Decisions in them.

Owns: the consumer of the tools, where reading starts and ends.
Never: keeps a position anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from ingress.sdk.client import end_offset, partition_count, reader_config
from ledger.sealing import CHAIN_HEADER, LogError, SealReader
from schemas.access.kafka import Servers
from schemas.codec import CodecError, decode
from schemas.messages.decisions import Decision
from topics.catalog import EVENTS

TIMEOUT_S: Final = 10.0
BATCH: Final = 2_000
# The client waits this long for a full batch, also at the end of a partition.
POLL_S: Final = 0.02
TAIL_RECORDS: Final = 64
ALL: Final = TAIL_RECORDS * 16**4  # as far back as a search for a seal goes


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the broker keeps it; time in microseconds."""

    topic: str
    partition: int
    offset: int
    append_time_us: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Placed:
    """A sealed Decision, where it lies, its bytes as published, and the chain head after it."""

    decision: Decision
    offset: int
    append_time_us: int
    value: bytes
    chain: bytes = b""


class TopicReader:
    """Reads one topic. Raises `BrokerUnreachableError` or `TopicMissingError` when it is made."""

    def __init__(
        self, address: Servers, topic: str, *, timeout_s: float = TIMEOUT_S, committed: bool = True
    ) -> None:
        """Connect; `committed` False reads what lies under open and aborted transactions too."""
        self.topic: Final = topic
        self._address: Final = address
        self._timeout_s: Final = timeout_s
        level = "read_committed" if committed else "read_uncommitted"
        self._consumer: Final = Consumer(
            {**reader_config(address), "enable.partition.eof": True, "isolation.level": level}
        )
        self.partitions: Final = partition_count(self._consumer, address, topic, timeout_s)

    def ends(self) -> dict[int, int]:
        """Return the offset after the last committed record of each partition."""
        return {number: self._end(number) for number in range(self.partitions)}

    def first(self, partition: int) -> int:
        """Return the first offset that retention has left."""
        place = TopicPartition(self.topic, partition)
        return self._consumer.get_watermark_offsets(place, self._timeout_s)[0]

    def read(
        self,
        partitions: Collection[int] | None = None,
        *,
        last: int | None = None,
        start: int | Mapping[int, int] = OFFSET_BEGINNING,
        follow: bool = False,
    ) -> Iterator[Record]:
        """Yield records: from the beginning, an offset, or about the `last` ones of each.

        `start` may name an offset for each partition.
        """
        chosen = range(self.partitions) if partitions is None else sorted(set(partitions))
        # The client finds the beginnings itself, all at once; each partition says when it is over.
        given = start if isinstance(start, Mapping) else dict.fromkeys(chosen, start)
        starts = {
            number: given[number] if last is None else self._start(number, last)
            for number in chosen
        }
        waiting = set(chosen)
        self._consumer.assign(
            [TopicPartition(self.topic, number, offset) for number, offset in starts.items()]
        )
        while waiting or follow:
            for message in self._consumer.consume(BATCH, POLL_S):
                error = message.error()
                if error is None:
                    yield _record(message)
                elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - a public code
                    waiting.discard(message.partition() or 0)
                elif not error.retriable():
                    raise KafkaException(error)

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _end(self, partition: int) -> int:
        return end_offset(self._consumer, self._address, self.topic, partition, self._timeout_s)

    def _start(self, partition: int, last: int) -> int:
        return max(self.first(partition), self._end(partition) - last)


def read_topic(
    address: Servers, topic: str, partitions: Collection[int] | None = None
) -> Iterator[Record]:
    """Yield every record of a topic, of some partitions or of all."""
    with closing(TopicReader(address, topic)) as reader:
        yield from reader.read(partitions)


def read_log(address: Servers, partitions: Collection[int] | None = None) -> Iterator[Placed]:
    """Yield every sealed Decision, in order inside a partition. Raises `LogError` on damage."""
    yield from sealed(read_topic(address, EVENTS.name, partitions), raise_damage)


def sealed(records: Iterator[Record], on_damage: Callable[[LogError], None]) -> Iterator[Placed]:
    """Yield the sealed Decisions among records; a damaged partition is told once and left."""
    readers: dict[int, SealReader] = {}
    places: defaultdict[int, dict[int, Record]] = defaultdict(dict)
    damaged: set[int] = set()
    for record in records:
        number = record.partition
        if number in damaged:
            continue
        reader = readers.setdefault(number, SealReader(number, _decision))
        try:
            group = reader.take(
                record.offset, record.value or b"", record.headers.get(CHAIN_HEADER)
            )
        except (LogError, CodecError) as error:
            damaged.add(number)
            on_damage(damage_of(error, record, reader.sequence + reader.unsealed + 1))
            continue
        places[number][reader.sequence + reader.unsealed] = record
        if group is not None:
            lying = places.pop(number)
            for decision in group.decisions:
                place = lying[decision.sequence]
                yield _placed(decision, place)


def sealed_tail(
    records: Iterator[Record], on_damage: Callable[[LogError], None]
) -> Iterator[Placed]:
    """Yield sealed Decisions of a log read from the middle: whole groups are not demanded."""
    waiting: defaultdict[int, list[Placed]] = defaultdict(list)
    for record in records:
        value = record.value or b""
        try:
            decision = _decision(value)
        except CodecError as error:
            on_damage(damage_of(error, record, 0))
            continue
        held = [
            each
            for each in waiting[record.partition]
            if each.decision.sequence < decision.sequence  # others were void
        ]
        held.append(_placed(decision, record))
        waiting[record.partition] = held
        if decision.seal is not None:
            yield from waiting.pop(record.partition)


def last_sealed(address: Servers) -> dict[int, Decision | None]:
    """Return the last sealing Decision of each partition; None for one that has none."""
    with closing(TopicReader(address, EVENTS.name)) as reader:
        found: dict[int, Decision | None] = dict.fromkeys(range(reader.partitions))
        wanted = {number for number, end in reader.ends().items() if end}
        last = TAIL_RECORDS
        while wanted:
            for record in reader.read(wanted, last=last):
                decision = _decision(record.value or b"")
                if decision.seal is not None:
                    found[record.partition] = decision
            # A group may be longer than the tail that was read, or nothing may be sealed at all.
            wanted = {number for number in wanted if found[number] is None} if last < ALL else set()
            last *= 16
        return found


def _decision(value: bytes) -> Decision:
    return decode(Decision, value)


def _placed(decision: Decision, record: Record) -> Placed:
    chain = record.headers.get(CHAIN_HEADER, b"")
    return Placed(decision, record.offset, record.append_time_us, record.value or b"", chain)


def raise_damage(error: LogError) -> None:
    """Take damage as the end: for readers that have nothing to say about part of a log."""
    raise error


def damage_of(error: Exception, record: Record, sequence: int) -> LogError:
    """Return the error with partition and sequence in its message."""
    if isinstance(error, LogError):
        return error
    return LogError(
        f"log partition {record.partition}, offset {record.offset}: "
        f"{f'sequence {sequence}' if sequence else 'the record'} is unreadable: {error}"
    )


def _record(message: Message) -> Record:
    topic, partition, offset = message.topic(), message.partition(), message.offset()
    assert topic is not None, "a consumed record has its coordinates"
    assert partition is not None, "a consumed record has its coordinates"
    assert offset is not None, "a consumed record has its coordinates"
    given = dict(message.headers() or ())
    headers = {name: value for name, value in given.items() if isinstance(value, bytes)}
    append_time_us = message.timestamp()[1] * 1_000
    return Record(topic, partition, offset, append_time_us, message.key(), message.value(), headers)
