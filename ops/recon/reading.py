"""Reading: the events of the reconciliation, and the record that a cut names in the log.

Owns: the consumers.
Never: judges what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from confluent_kafka import Consumer, TopicPartition

from ingress.sdk.client import reader_config
from ledger.sealing import CHAIN_HEADER
from ops.reading import TIMEOUT_S, TopicReader
from ops.recon.found import Found
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.recon import CutReached, ReconEvent
from topics.catalog import EVENTS, RECON_EVENTS


def read_found(address: Servers, *, until_us: int | None = None) -> tuple[Found, int]:
    """Return what was found before an instant, or ever, and over how many partitions."""
    found = Found()
    with closing(TopicReader(address, RECON_EVENTS.name)) as reader:
        for record in reader.read():
            if record.value is None:
                continue
            event = decode(ReconEvent, record.value)
            if until_us is None or event.at < until_us:
                found.take(event, record.partition)
        return found, reader.partitions


@contextmanager
def chain_reader(address: Servers) -> Iterator[Callable[[CutReached], bytes | None]]:
    """Give how the chain header at a cut is read; it gives None where there is none."""
    consumer = Consumer({**reader_config(address), "isolation.level": "read_committed"})

    def read(reached: CutReached) -> bytes | None:
        place = TopicPartition(EVENTS.name, reached.partition, reached.offset)
        consumer.assign([place])
        message = consumer.poll(TIMEOUT_S)
        if message is None or message.error() is not None or message.offset() != reached.offset:
            return None
        header = dict(message.headers() or ()).get(CHAIN_HEADER)
        return header if isinstance(header, bytes) else None

    with closing(consumer):
        yield read
