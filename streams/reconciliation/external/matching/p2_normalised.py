"""Pass 2: the same reference once case, blanks and punctuation are gone, or inside the text."""

from __future__ import annotations

from typing import Final

from streams.reconciliation.external.matching.candidates import Pair, decided, grouped
from streams.reconciliation.external.matching.expectations import Rules
from streams.reconciliation.external.matching.open_items import Found, Open
from streams.reconciliation.external.matching.references import (
    contradict,
    references_of_expectation,
    references_of_line,
)

NAME: Final = "normalised"


def run(items: Open, rules: Rules) -> Found:
    """Match by any normalised reference and the exact amount."""
    return decided(
        NAME, [pair for pair in sharing(items, rules) if pair[0].amount == pair[1].amount]
    )


def sharing(items: Open, rules: Rules) -> list[Pair]:
    """Return lines and expectations of one account and currency that share a reference."""
    wanted = grouped(
        ((each.account, each.currency, reference), each)
        for each in items.expectations
        for reference in references_of_expectation(each, rules)
    )
    return [
        (line, expectation)
        for line in items.lines
        for reference in sorted(references_of_line(line, rules))
        for expectation in wanted.get((line.account, line.currency, reference), ())
        if not contradict(line, expectation)
    ]
