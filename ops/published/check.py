"""Check: one partition, every control.

Owns: what is held against what, as far as the totals say that everything is published: a job at
work is neither ahead nor behind.
Never: reads Kafka; it is given a `Reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Final, Protocol, TypeVar

from ops.published import compare
from ops.published.expected import expected_facts, journal_totals, until
from ops.reading import Placed
from schemas.messages.facts import BalanceFact, ControlTotal, PostingFact
from streams.publish.facts import Fact
from topics.catalog import ATTEMPTS, BALANCES, POSTINGS, TRANSACTIONS
from topics.topic import Topic

F = TypeVar("F", bound=Fact)

FINDINGS_MAX: Final = 100  # of a partition; more say nothing new
IN_ORDER: Final = (POSTINGS, TRANSACTIONS, ATTEMPTS)


class Reading(Protocol):
    """One partition of the log and of the topics for analysts, from its beginning, many times."""

    def log(self) -> Iterator[Placed]:
        """Yield its sealed Decisions."""
        ...

    def totals(self) -> Iterator[ControlTotal]:
        """Yield its totals, each as often as it was told."""
        ...

    def facts(self, topic: Topic) -> Iterator[Fact]:
        """Yield the facts of a topic."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What a partition looks like."""

    partition: int
    through: int  # last Decision of which everything is published
    postings: int  # so many, by the totals
    findings: tuple[str, ...]


def check(reading: Reading, partition: int) -> Checked:
    """Hold a partition of every topic against its log."""
    totals = compare.latest(reading.totals())
    counted = [each.records for each in totals.values() if each.topic == POSTINGS.name]
    found = tuple(islice(_findings(reading, partition, totals), FINDINGS_MAX))
    return Checked(partition, compare.through(totals), sum(counted), found)


def _findings(
    reading: Reading, partition: int, totals: Mapping[str, ControlTotal]
) -> Iterator[str]:
    end = compare.through(totals)
    journal = journal_totals(until(reading.log(), end))
    yield from compare.unbalanced(totals)
    yield from compare.different_totals(
        totals, partition, journal, _of(PostingFact, _found(reading, POSTINGS, end))
    )
    wanted = expected_facts(until(reading.log(), end), BALANCES.name)
    had = _found(reading, BALANCES, end)
    yield from compare.different_balances(_of(BalanceFact, wanted), _of(BalanceFact, had))
    for topic in IN_ORDER:
        expected = expected_facts(until(reading.log(), end), topic.name)
        yield from _different(topic, expected, _found(reading, topic, end))
    for topic in (BALANCES, TRANSACTIONS, ATTEMPTS):
        expected = expected_facts(until(reading.log(), end), topic.name)
        yield from compare.different_counts(totals, topic.name, partition, expected)


def _of(kind: type[F], facts: Iterator[Fact]) -> Iterator[F]:
    for each in facts:
        assert isinstance(each, kind), "a topic has one kind of record"
        yield each


def _found(reading: Reading, topic: Topic, end: int) -> Iterator[Fact]:
    return (each for each in reading.facts(topic) if each.sequence <= end)


def _different(topic: Topic, expected: Iterator[Fact], found: Iterator[Fact]) -> Iterator[str]:
    first = next(found, None)
    if topic is ATTEMPTS and first is not None:
        # Retention may have removed the oldest; how many there were is proved by the totals.
        sequence = first.sequence
        expected = dropwhile(lambda each: each.sequence < sequence, expected)
    rest = found if first is None else _again(first, found)
    for each in compare.different_records(expected, rest):
        yield f"{topic.name}: {each}"


def _again(first: Fact, rest: Iterator[Fact]) -> Iterator[Fact]:
    yield first
    yield from rest
