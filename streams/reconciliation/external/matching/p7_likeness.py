"""Pass 7: the amount is exact and the reference almost: asked of a person, never decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import JaroWinkler, Levenshtein

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.candidates import grouped
from streams.reconciliation.external.matching.expectations import Expectation, Rules
from streams.reconciliation.external.matching.open_items import Found, Open, Proposal
from streams.reconciliation.external.matching.references import (
    references_of_expectation,
    references_of_line,
)

NAME: Final = "likeness"
WHOLE: Final = 100


def run(items: Open, rules: Rules) -> Found:
    """Propose pairs of the same amount whose references are much alike."""
    wanted = grouped(
        ((each.account, each.currency, each.amount), each) for each in items.expectations
    )
    lines = grouped(((each.account, each.currency, each.amount), each) for each in items.lines)
    proposals: list[Proposal] = []
    for key, expected in wanted.items():
        if len(expected) * len(lines.get(key, ())) <= rules.pairs_max:
            proposals.extend(_alike(lines.get(key, []), expected, rules))
    return Found(proposals=tuple(proposals))


def _alike(lines: list[Line], expected: list[Expectation], rules: Rules) -> Iterator[Proposal]:
    for line in lines:
        theirs = references_of_line(line, rules)
        for expectation in expected:
            ours = references_of_expectation(expectation, rules)
            likeness = max((likeness_of(a, b) for a in theirs for b in ours), default=0)
            if likeness >= rules.likeness_percent:
                why = f"the references are {likeness} % alike"
                yield Proposal(NAME, (line.line_id,), (expectation.expectation_id,), why)


def likeness_of(first: str, second: str) -> int:
    """Return how much alike two references are, in whole percent: the better of two measures."""
    edits = Levenshtein.normalized_similarity(first, second)
    return int(WHOLE * max(edits, JaroWinkler.normalized_similarity(first, second)))
