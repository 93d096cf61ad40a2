"""Taking in: the records of one file, in one Kafka transaction, once.

Owns: the producer of `external.statements.v1`, and what was taken in before.
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
from schemas.codec import decode, encode
from schemas.messages.external import StatementPart
from streams.reconciliation.external.checks import Before
from streams.reconciliation.external.parts import before_of
from topics.catalog import EXTERNAL_STATEMENTS
from topics.errors import BrokerUnreachableError, TopicRefusedError
from topics.partitioning import partition_of_key

TRANSACTIONAL_ID: Final = "external-statements"
TIMEOUT_S: Final = 30.0
QUEUE_MAX: Final = 100_000


class Intake:
    """The one who takes in; whoever was before is fenced."""

    def __init__(self, address: str) -> None:
        """Fence. Raises `BrokerUnreachableError` when nobody answers."""
        self._address: Final = address
        settings = producer_config(address, QUEUE_MAX, 5)
        self._producer: Final = Producer({**settings, "transactional.id": TRANSACTIONAL_ID})
        name = EXTERNAL_STATEMENTS.name
        self._partitions: Final = partition_count(self._producer, address, name, TIMEOUT_S)
        try:
            self._producer.init_transactions(TIMEOUT_S)
        except KafkaException as error:
            raise BrokerUnreachableError(address, str(error.args[0])) from error

    def before(self) -> Before:
        """Return what was taken in by anybody before."""
        return before_of(self._parts())

    def take_in(self, parts: Sequence[StatementPart]) -> None:
        """Write all records or none. Raises `TopicRefusedError` when somebody else took over."""
        name = EXTERNAL_STATEMENTS.name
        try:
            self._producer.begin_transaction()
            for part in parts:
                key = part.account.encode()
                number = partition_of_key(key, self._partitions)
                self._producer.produce(name, encode(part), key, number)
                self._producer.poll(0)
            self._producer.commit_transaction(TIMEOUT_S)
        except KafkaException as error:
            why = f"{error.args[0]}; run it again: what was taken in is not taken in twice"
            raise TopicRefusedError(name, why) from error

    def _parts(self) -> Iterator[StatementPart]:
        with closing(TopicReader(self._address, EXTERNAL_STATEMENTS.name)) as reader:
            for record in reader.read():
                yield decode(StatementPart, record.value or b"")
