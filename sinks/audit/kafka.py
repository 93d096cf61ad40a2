"""Kafka, as an auditor uses it: attestations out, orders in, one bucket of the log at a time.

Owns: its producer and its two consumers, without a group.
Never: commits an offset; orders given while nobody listened are given again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, final

from confluent_kafka import (
    OFFSET_END,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from ledger.sealing import CHAIN_HEADER, LogError, SealReader
from schemas.access.kafka import Servers, entering
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.recon import Attestation, AttestationBody, ReconEvent, RepairOrdered
from schemas.messages.vocabulary import Store
from sinks.errors import BrokerAway
from sinks.source import LOST
from topics.catalog import EVENTS, RECON_EVENTS, SINK_ATTESTATIONS

DELIVERY_S: Final = 10.0
POLL_S: Final = 5.0
ORDERS_AT_ONCE: Final = 1_000
PARTITION_EOF: Final = KafkaError._PARTITION_EOF  # noqa: SLF001 - the client's public spelling
READER: Final = {
    "group.id": "ledger-audit",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "error",
    "isolation.level": "read_committed",
    "log_level": 2,
}


@final
class KafkaChannel:
    """Attestations out, orders in."""

    def __init__(self, bootstrap: Servers, partitions: Sequence[int]) -> None:
        self._producer: Final = Producer(
            {
                **entering(bootstrap),
                "acks": "all",
                "enable.idempotence": True,
                "compression.type": "lz4",
                "linger.ms": 0,
                "log_level": 0,
            }
        )
        self._consumer: Final = Consumer({**READER, **entering(bootstrap)})
        self._consumer.assign(
            [TopicPartition(RECON_EVENTS.name, number, OFFSET_END) for number in partitions]
        )

    def attest(self, partition: int, store: Store, key: str, body: AttestationBody) -> None:
        """Publish; return when it is acknowledged."""
        errors: list[str] = []

        def report(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                errors.append(error.str())

        self._producer.produce(
            SINK_ATTESTATIONS.name,
            encode(Attestation(store, body)),
            f"{store} {key}".encode(),
            partition,
            on_delivery=report,
        )
        left = self._producer.flush(DELIVERY_S)
        if errors or left:
            raise BrokerAway(f"an attestation was not taken: {errors or 'no answer'}")

    def orders(self, store: Store) -> Sequence[tuple[int, RepairOrdered]]:
        """Return the repairs of this store that were ordered since last asked, each bucket once."""
        found: dict[tuple[int, str], RepairOrdered] = {}
        for message in self._consumer.consume(ORDERS_AT_ONCE, 0):
            partition, value = message.partition(), message.value()
            if message.error() is not None or value is None or partition is None:
                continue
            body = decode(ReconEvent, value).body
            if isinstance(body, RepairOrdered) and body.store == store:
                found[partition, body.bucket] = body
        return [(partition, order) for (partition, _), order in found.items()]

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()


@final
class KafkaLog:
    """The log, for one bucket of it."""

    def __init__(self, bootstrap: Servers) -> None:
        told_of_the_end = {"enable.partition.eof": True}
        self._consumer: Final = Consumer({**READER, **told_of_the_end, **entering(bootstrap)})

    def decisions(
        self, partition: int, offset: int, last: int, wanted: Callable[[Decision], bool]
    ) -> list[Decision]:
        """Return what is wanted from an offset on, at which a group begins, to a sequence."""
        self._consumer.assign([TopicPartition(EVENTS.name, partition, offset)])
        found: list[Decision] = []
        reader: SealReader | None = None
        while reader is None or reader.sequence < last:
            at, value, chain = self._next()
            if reader is None:
                # A group begins here; the chain before it is nobody's to say.
                before = _decision(value).sequence - 1
                reader = SealReader(partition, _decision, before, None)
            group = reader.take(at, value, chain)
            if group is not None:
                found += [
                    each for each in group.decisions if each.sequence <= last and wanted(each)
                ]
        self._consumer.unassign()
        return found

    def end(self, partition: int) -> int:
        """Return the offset after the last record, markers of transactions among them."""
        place = TopicPartition(EVENTS.name, partition)
        try:
            return int(self._consumer.get_watermark_offsets(place, POLL_S)[1])
        except KafkaException as error:
            raise BrokerAway(f"the log: {error.args[0].str()}") from error

    def is_empty_from(self, partition: int, offset: int) -> bool:
        """Say whether no record at all lies behind an offset."""
        self._consumer.assign([TopicPartition(EVENTS.name, partition, offset)])
        message = self._consumer.poll(POLL_S)
        self._consumer.unassign()
        error = None if message is None else message.error()
        return error is not None and error.code() == PARTITION_EOF

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _next(self) -> tuple[int, bytes, bytes | None]:
        """Return offset, value and chain header of the next record."""
        message = self._consumer.poll(POLL_S)
        if message is None:
            raise BrokerAway(f"the log did not answer for {POLL_S:.0f} s")
        error, value, offset = message.error(), message.value(), message.offset()
        if error is not None and error.code() in LOST:
            raise LogError(f"the log cannot be read at offset {offset}: {error.str()}")
        if error is not None or value is None or offset is None:
            raise BrokerAway(f"the log: {error.str() if error is not None else 'no value'}")
        chain = dict(message.headers() or ()).get(CHAIN_HEADER)
        return offset, value, chain if isinstance(chain, bytes) else None


def _decision(value: bytes) -> Decision:
    return decode(Decision, value)
