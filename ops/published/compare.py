"""Compare: one partition of the topics for analysts against its log.

Owns: every control, as a pure function that names what differs.
Never: reads Kafka.

A repeat is a record of a Decision that was published before, as after a transaction that ended
half-way; the runtime leaves none, so each is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from ops.published.expected import NOTHING, DayTotal
from schemas.messages.facts import AttemptFact, BalanceFact, ControlTotal, PostingFact
from streams.publish.facts import Fact
from streams.publish.stamped import DAY_US
from streams.publish.totals import amounts_of, total_id
from topics.catalog import POSTINGS


def latest(totals: Iterable[ControlTotal]) -> dict[str, ControlTotal]:
    """Return the last word on each total."""
    return {each.total_id: each for each in totals}


def through(totals: Mapping[str, ControlTotal]) -> int:
    """Return the sequence up to which the totals say that everything is published."""
    return max((each.through_sequence for each in totals.values()), default=0)


def different_records(expected: Iterable[Fact], found: Iterable[Fact]) -> Iterator[str]:
    """Name records that are missing, doubled, changed or out of order."""
    pairs = zip_longest(expected, found)
    for number, (wanted, had) in enumerate(pairs):
        if wanted == had:
            continue
        yield f"record {number}: {_shown(wanted)} must be here, {_shown(had)} is"
        return  # whatever follows is out of step


def different_balances(
    expected: Iterable[BalanceFact], found: Iterable[BalanceFact]
) -> Iterator[str]:
    """Name accounts whose newest balance differs; older ones may be compacted away."""
    wanted = {each.balance_id: each for each in expected}
    had = {each.balance_id: each for each in found}
    for key in sorted(wanted.keys() | had.keys()):
        if wanted.get(key) != had.get(key):
            yield f"{key}: {_minor(wanted.get(key))} in the log, {_minor(had.get(key))} published"


def unbalanced(totals: Mapping[str, ControlTotal]) -> Iterator[str]:
    """Name totals of postings that do not sum to zero."""
    for each in totals.values():
        _, debit, credit = amounts_of(each)
        if debit + credit:
            yield f"{each.total_id}: debits {debit}, credits {credit}"


def different_totals(
    totals: Mapping[str, ControlTotal],
    partition: int,
    journal: Mapping[tuple[int, str], DayTotal],
    found: Iterable[PostingFact],
) -> Iterator[str]:
    """Name days on which journal, totals and postings do not say the same three numbers."""
    summed = sums_of(found)
    said = {
        each.total_id: amounts_of(each) for each in totals.values() if each.topic == POSTINGS.name
    }
    wanted = {
        total_id(POSTINGS.name, partition, day, currency): total
        for (day, currency), total in journal.items()
    }
    for key in sorted(wanted.keys() | said.keys() | summed.keys()):
        three = [each.get(key, NOTHING) for each in (wanted, said, summed)]
        if len(set(three)) > 1:
            yield f"{key}: journal {three[0]}, totals {three[1]}, postings {three[2]}"


def different_counts(
    totals: Mapping[str, ControlTotal], topic: str, partition: int, facts: Iterable[Fact]
) -> Iterator[str]:
    """Name days of which a topic has more or fewer records than the totals say."""
    counts = Counter(total_id(topic, partition, _day(each), each.currency) for each in facts)
    said = {each.total_id: each.records for each in totals.values() if each.topic == topic}
    for key in sorted(counts.keys() | said.keys()):
        if counts[key] != said.get(key, 0):
            yield f"{key}: {counts[key]} in the log, {said.get(key, 0)} in the totals"


def sums_of(postings: Iterable[PostingFact]) -> dict[str, DayTotal]:
    """Return records, debits and credits of postings, by the id of their total."""
    sums: dict[str, DayTotal] = {}
    for each in postings:
        key = total_id(POSTINGS.name, each.partition, each.day, each.currency)
        records, debit, credit = sums.get(key, NOTHING)
        amount = each.amount_minor
        sums[key] = (records + 1, debit + max(amount, 0), credit + min(amount, 0))
    return sums


def _day(fact: Fact) -> int:
    return fact.day if isinstance(fact, PostingFact) else fact.decided_at // DAY_US


def _shown(fact: Fact | None) -> str:
    if fact is None:
        return "nothing"
    if isinstance(fact, PostingFact):
        return f"posting {fact.posting_id} of {fact.amount_minor} {fact.currency}"
    if isinstance(fact, BalanceFact):
        return f"balance {fact.balance_id} at {fact.sequence}"
    if isinstance(fact, AttemptFact):
        return f"attempt {fact.attempt_id}"
    return f"change {fact.change_id} of {fact.transaction_id}"


def _minor(fact: BalanceFact | None) -> str:
    return "nothing" if fact is None else f"{fact.balance_minor} at {fact.sequence}"
