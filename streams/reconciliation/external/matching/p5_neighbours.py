"""Pass 5: no reference, but the same amount, the same name, and a day that fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.candidates import Pair, decided, grouped
from streams.reconciliation.external.matching.expectations import Expectation, Rules
from streams.reconciliation.external.matching.open_items import Found, Open
from streams.reconciliation.external.matching.rail_days import business_days
from streams.reconciliation.external.matching.references import contradict, normal

NAME: Final = "neighbours"


def run(items: Open, rules: Rules) -> Found:
    """Match by amount, counterparty and date window; a reference that says otherwise wins."""
    lines = grouped(
        ((each.account, each.currency, each.amount, name_of(each.counterparty)), each)
        for each in items.lines
        if each.counterparty
    )
    expected = grouped(
        ((each.account, each.currency, each.amount, name_of(each.counterparty)), each)
        for each in items.expectations
        if each.counterparty
    )
    pairs: list[Pair] = []
    for key, wanted in expected.items():
        if key in lines and key[-1]:
            pairs.extend(_pairs(lines[key], wanted, rules))
    return decided(NAME, pairs)


def name_of(text: str) -> str:
    """Return a name whatever the order of its words and their case."""
    return " ".join(sorted(filter(None, (normal(each) for each in text.split()))))


def near(line: Line, expectation: Expectation, rules: Rules) -> bool:
    """Say whether a line lies in the date window and no reference says otherwise."""
    days = business_days(expectation.expected_on, line.value_date, rules.holidays)
    return days <= rules.window(expectation.rail) and not contradict(line, expectation)


def _pairs(lines: list[Line], wanted: list[Expectation], rules: Rules) -> Iterator[Pair]:
    """Compare within a group; in one too large everything hangs together: nothing is unique."""
    if len(lines) * len(wanted) > rules.pairs_max:
        yield from ((line, wanted[0]) for line in lines)
        yield from ((lines[0], expectation) for expectation in wanted)
        return
    for line in lines:
        for expectation in wanted:
            if near(line, expectation, rules):
                yield line, expectation
