"""Expected: what the log demands of the topics for analysts.

Owns: the facts of a partition up to a sequence, and its totals by a count of their own.
Never: reads a topic for analysts.

The totals are not counted from the facts: they are added up from journal entries, so that a row
function that leaves a posting out is found by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from ops.reading import Placed
from schemas.messages.facts import TravellingRow
from streams.publish.facts import Fact, TransferKey, facts_of
from streams.publish.stamped import DAY_US, Stamp

DayTotal = tuple[int, int, int]  # records, debit, credit
NOTHING: Final[DayTotal] = (0, 0, 0)


class Rows(dict[TransferKey, TravellingRow]):
    """Travelling transfers in memory; satisfies `streams.publish.facts.Travelling`."""

    def put(self, key: TransferKey, row: TravellingRow) -> None:
        """Remember how a transfer began."""
        self[key] = row

    def delete(self, key: TransferKey) -> None:
        """Forget it."""
        self.pop(key, None)


def until(log: Iterable[Placed], sequence: int) -> Iterator[Placed]:
    """Yield the Decisions of a partition up to a sequence."""
    for placed in log:
        if placed.decision.sequence > sequence:
            return
        yield placed


def expected_facts(log: Iterable[Placed], topic: str) -> Iterator[Fact]:
    """Yield the facts of one topic, in order."""
    travelling = Rows()
    for placed in log:
        stamp = Stamp(placed.decision, placed.append_time_us)
        for said in facts_of(placed.decision, stamp, travelling):
            if said.topic == topic:
                yield said.fact


def journal_totals(log: Iterable[Placed]) -> dict[tuple[int, str], DayTotal]:
    """Return postings by UTC day and currency: how many, debits, credits."""
    totals: defaultdict[tuple[int, str], DayTotal] = defaultdict(lambda: NOTHING)
    for placed in log:
        day = placed.decision.decided_at // DAY_US
        for entry in placed.decision.entries:
            for line in entry.postings:
                records, debit, credit = totals[day, line.currency]
                if line.amount > 0:
                    debit += line.amount
                else:
                    credit += line.amount
                totals[day, line.currency] = (records + 1, debit, credit)
    return dict(totals)
