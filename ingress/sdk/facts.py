"""Facts: the topics for analysts as typed records, each once.

Owns: which topic a kind of fact is read from, and how a repeat is known.
Never: reads uncommitted records.

Facts of a partition come in the order of the log. Their place, which is what their ids are made of,
only grows, so a repeat is known by it, also after a restart from a stored position.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Generic, NamedTuple, TypeVar, final

from typing_extensions import override

from ingress.sdk.closing import Closing
from ingress.sdk.following import Followed, TopicFollower
from schemas.access.kafka import Servers
from schemas.codec import decode
from schemas.messages.facts import (
    AttemptFact,
    BalanceFact,
    ControlTotal,
    PostingFact,
    TransactionFact,
)
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TOTALS, TRANSACTIONS

F = TypeVar("F", PostingFact, BalanceFact, TransactionFact, AttemptFact, ControlTotal)
Place = tuple[int, int, int]

TOPICS: Final[dict[type, str]] = {
    topic.message: topic.name
    for topic in (POSTINGS, BALANCES, TRANSACTIONS, ATTEMPTS, TOTALS)
    if topic.message is not None
}
BEFORE_ALL: Final[Place] = (0, 0, 0)
POLL_S: Final = 0.1


class FactPosition(NamedTuple):
    """Where a reader stands in a partition: keep it with what you wrote, and go on from it."""

    next_offset: int
    place: Place


@final
class Facts(Generic[F]):
    """Makes facts of records, repeats dropped; no I/O.

    Balances and totals are not dropped: the latest of a key holds, so a repeat changes nothing.
    """

    def __init__(self, kind: type[F], positions: Mapping[int, FactPosition]) -> None:
        self._kind: Final[type[F]] = kind
        self._positions: Final = dict(positions)

    def take(self, record: Followed) -> F | None:
        """Take the next record; return its fact, or None for a repeat."""
        fact = decode(self._kind, record.value)
        before = self._positions.get(record.partition)
        last = BEFORE_ALL if before is None else before.place
        place = place_of(fact)
        new = place is None or place > last
        kept = last if place is None else max(place, last)
        self._positions[record.partition] = FactPosition(record.offset + 1, kept)
        return fact if new else None

    def positions(self) -> dict[int, FactPosition]:
        """Return where each partition stands that has had a record."""
        return dict(self._positions)


@final
class FactReader(Closing, Generic[F]):
    """Reads one kind of fact. For one thread; close it, or use `with`.

    Raises `BrokerUnreachableError` or `TopicMissingError` when it is made.
    """

    def __init__(
        self, address: Servers, kind: type[F], positions: Mapping[int, FactPosition] | None = None
    ) -> None:
        """Start at `positions`; other partitions start at their beginning."""
        known = positions or {}
        starts = {number: at.next_offset for number, at in known.items()}
        self._follower: Final = TopicFollower(address, TOPICS[kind], starts)
        self._facts: Final[Facts[F]] = Facts(kind, known)

    def poll(self, timeout_s: float = POLL_S) -> list[F]:
        """Return the facts that have come, waiting at most `timeout_s` for the first."""
        taken = map(self._facts.take, self._follower.poll(timeout_s))
        return [fact for fact in taken if fact is not None]

    def positions(self) -> dict[int, FactPosition]:
        """Return where each partition stands, for a later reader."""
        return self._facts.positions()

    @override
    def close(self) -> None:
        """Stop reading."""
        self._follower.close()


def place_of(
    fact: PostingFact | BalanceFact | TransactionFact | AttemptFact | ControlTotal,
) -> Place | None:
    """Return where a fact stands in its partition; None where only the latest of a key counts."""
    if isinstance(fact, PostingFact):
        return fact.sequence, fact.entry + 1, fact.posting
    if isinstance(fact, TransactionFact):
        return fact.sequence, fact.change + 1, 0
    return (fact.sequence, 1, 0) if isinstance(fact, AttemptFact) else None
