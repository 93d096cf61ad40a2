"""Taking in: the records of one file, in one Kafka transaction, once.

Owns: the producer of `external.statements.v1`, and what was taken in before; the exceptions that
findings open go with it.
Never: reads a file of a bank, judges a finding.

Everybody who takes in a file has the same transactional id. So a second one fences the first, and
what was read after that is all there is: looking for the fingerprint and writing are one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from confluent_kafka import KafkaException, Producer

from ingress.sdk.client import partition_count, producer_config
from ops.reading import TopicReader
from ops.recon.opening import opening_record
from schemas.access.kafka import Servers
from schemas.codec import decode, encode
from schemas.messages.external import StatementPart
from schemas.messages.recon import ExceptionOpened
from streams.reconciliation.external.checks import Before
from streams.reconciliation.external.parts import before_of
from topics.catalog import EXTERNAL_STATEMENTS, RECON_EVENTS
from topics.errors import BrokerUnreachableError, TopicRefusedError
from topics.partitioning import partition_of_key

TRANSACTIONAL_ID: Final = "external-statements"
TIMEOUT_S: Final = 30.0
QUEUE_MAX: Final = 100_000


class Intake:
    """The one who takes in; whoever was before is fenced."""

    def __init__(self, address: Servers) -> None:
        """Fence. Raises `BrokerUnreachableError` when nobody answers."""
        self._address: Final = address
        settings = producer_config(address, QUEUE_MAX, 5)
        self._producer: Final = Producer({**settings, "transactional.id": TRANSACTIONAL_ID})
        name = EXTERNAL_STATEMENTS.name
        self._partitions: Final = partition_count(self._producer, address, name, TIMEOUT_S)
        self._homes: Final = partition_count(self._producer, address, RECON_EVENTS.name, TIMEOUT_S)
        try:
            self._producer.init_transactions(TIMEOUT_S)
        except KafkaException as error:
            raise BrokerUnreachableError(address, str(error.args[0])) from error

    def before(self) -> Before:
        """Return what was taken in by anybody before; nobody else can add to it now."""
        return before_at(self._address)

    def take_in(
        self, parts: Sequence[StatementPart], opened: Sequence[ExceptionOpened] = (), at: int = 0
    ) -> None:
        """Write all records or none, with the exceptions that their findings open.

        Raises `TopicRefusedError` when somebody else took over.
        """
        name = EXTERNAL_STATEMENTS.name
        try:
            self._producer.begin_transaction()
            for part in parts:
                key = part.account.encode()
                number = partition_of_key(key, self._partitions)
                self._producer.produce(name, encode(part), key, number)
                self._producer.poll(0)
            for each in opened:
                key, value, number = opening_record(each, at, self._homes)
                self._producer.produce(RECON_EVENTS.name, value, key, number)
            self._producer.commit_transaction(TIMEOUT_S)
        except KafkaException as error:
            why = f"{error.args[0]}; run it again: what was taken in is not taken in twice"
            raise TopicRefusedError(name, why) from error


def before_at(address: Servers) -> Before:
    """Return what was taken in before, fencing nobody: enough for a plan, not for writing."""
    return before_of(_parts(address))


def _parts(address: Servers) -> Iterator[StatementPart]:
    with closing(TopicReader(address, EXTERNAL_STATEMENTS.name)) as reader:
        for record in reader.read():
            yield decode(StatementPart, record.value or b"")
