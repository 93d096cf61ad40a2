"""Totals: how much was published, so that anybody can prove that nothing is missing or doubled.

Owns: the sums of a partition by topic, UTC day and currency, and when they are told: at the end of
each transaction of the log, so that a total never speaks of half of one.
Never: read by the facts; they prove what the row functions did.

Rows are never dropped: a few a day, and a closed day can be proved for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.view import SortedRows
from schemas.messages.facts import ControlTotal
from streams.publish.facts import Said

Place = tuple[int, int]  # sequence and decided_at of the last Decision that is counted
Amounts = tuple[int, int, int]  # records, debit, credit
About = tuple[str, int, int, str | None]  # topic, partition, day, currency
NOTHING: Final[Amounts] = (0, 0, 0)


@final
class Totals:
    """The totals of one partition."""

    def __init__(self, rows: SortedRows[str, ControlTotal], partition: int) -> None:
        self._rows: Final = rows
        self._partition: Final = partition
        # What was not told yet. After a rollback it may name too much, and what it names was told
        # or will be: the same Decisions come again.
        self._untold: Final[set[str]] = set()

    def add(self, facts: Sequence[Said], day: int, at: Place) -> None:
        """Count the facts of one Decision."""
        sums: dict[tuple[str, str | None], Amounts] = {}
        for each in facts:
            about = (each.topic, each.fact.currency)
            records, debit, credit = sums.get(about, NOTHING)
            amount = each.amount
            sums[about] = (records + 1, debit + max(amount, 0), credit + min(amount, 0))
        for (topic, currency), added in sums.items():
            key = total_id(topic, self._partition, day, currency)
            row = self._rows.get(key)
            records, debit, credit = NOTHING if row is None else amounts_of(row)
            new = (records + added[0], debit + added[1], credit + added[2])
            self._rows.put(key, _total(key, (topic, self._partition, day, currency), new, at))
            self._untold.add(key)

    def told(self, at: Place) -> list[ControlTotal]:
        """Return the totals that changed since they were last told, in order of their ids."""
        found = []
        for key in sorted(self._untold):
            row = self._rows.get(key)
            assert row is not None, f"{key} changed, and is not there"
            about = (row.topic, row.partition, row.day, row.currency)
            row = _total(key, about, amounts_of(row), at)
            self._rows.put(key, row)
            found.append(row)
        self._untold.clear()
        return found


def total_id(topic: str, partition: int, day: int, currency: str | None) -> str:
    """Return the id of a total: the record key."""
    return f"{topic}|{partition}|{day}|{currency or ''}"


def amounts_of(row: ControlTotal) -> Amounts:
    """Return the three numbers of a total."""
    return row.records, int(row.debit_minor), int(row.credit_minor)


def _total(key: str, about: About, amounts: Amounts, at: Place) -> ControlTotal:
    topic, partition, day, currency = about
    records, debit, credit = amounts
    sums = (str(debit), str(credit))
    return ControlTotal(key, topic, partition, day, currency, records, *sums, *at)
