"""Reading: the topics for analysts, and the log, of one partition.

Owns: the consumers.
Never: compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, final

from ops.reading import Placed, read_log, read_topic
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.facts import (
    AttemptFact,
    BalanceFact,
    ControlTotal,
    PostingFact,
    TransactionFact,
)
from streams.publish.facts import Fact
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS
from topics.topic import Topic

KINDS: Final[dict[str, type[Fact]]] = {
    POSTINGS.name: PostingFact,
    BALANCES.name: BalanceFact,
    TRANSACTIONS.name: TransactionFact,
    ATTEMPTS.name: AttemptFact,
}


@final
class TopicReading:
    """Satisfies `ops.published.check.Reading`."""

    def __init__(self, kafka: Servers, partition: int) -> None:
        self._kafka: Final = kafka
        self._partition: Final = partition

    def log(self) -> Iterator[Placed]:
        """Yield its sealed Decisions."""
        return read_log(self._kafka, [self._partition])

    def totals(self) -> Iterator[ControlTotal]:
        """Yield its totals, each as often as it was told."""
        for value in self._values(TOTALS):
            yield decode(ControlTotal, value)

    def facts(self, topic: Topic) -> Iterator[Fact]:
        """Yield the facts of a topic."""
        kind = KINDS[topic.name]
        for value in self._values(topic):
            yield decode(kind, value)

    def _values(self, topic: Topic) -> Iterator[bytes]:
        for record in read_topic(self._kafka, topic.name, [self._partition]):
            yield record.value or b""
