"""The passes in their order, again and again until a whole round finds nothing.

Owns: the order; what a round leaves to the next.
Never: lets a later pass decide what an earlier one called ambiguous.

Only certainty removes items, so what is left means the same whatever came first; a run over what a
run left finds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching import (
    p1_exact,
    p2_normalised,
    p3_tolerance,
    p4_batch,
    p5_neighbours,
    p6_subset,
    p7_likeness,
)
from streams.reconciliation.external.matching.expectations import Expectation, Rules
from streams.reconciliation.external.matching.open_items import (
    Ambiguity,
    Found,
    Match,
    Open,
    Proposal,
    in_order,
)

Pass = Callable[[Open, Rules], Found]
PASSES: Final[tuple[tuple[str, Pass], ...]] = (
    (p1_exact.NAME, p1_exact.run),
    (p2_normalised.NAME, p2_normalised.run),
    (p3_tolerance.NAME, p3_tolerance.run),
    (p4_batch.NAME, p4_batch.run),
    (p5_neighbours.NAME, p5_neighbours.run),
    (p6_subset.NAME, p6_subset.run),
    (p7_likeness.NAME, p7_likeness.run),
)


@dataclass(slots=True)
class Outcome:
    """What a run concluded, and what it left open."""

    left: Open
    matches: list[Match] = field(default_factory=list)
    ambiguities: list[Ambiguity] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    def by_pass(self) -> Counter[str]:
        """Count matches by pass."""
        return Counter(each.by for each in self.matches)


def match_all(
    lines: Iterable[Line],
    expectations: Iterable[Expectation],
    rules: Rules,
    reports: Iterable[Line] = (),
) -> Outcome:
    """Match everything that is certain; propose and name what is not."""
    outcome = Outcome(in_order(lines, expectations, reports))
    while _round(outcome, rules):
        pass
    return outcome


def _round(outcome: Outcome, rules: Rules) -> bool:
    """Run every pass once; proposals are those of the last round, about what is still open."""
    before = len(outcome.matches)
    outcome.proposals = []
    for _, run in PASSES:
        found = run(outcome.left, rules)
        outcome.matches.extend(found.matches)
        outcome.ambiguities.extend(found.ambiguities)
        outcome.proposals.extend(found.proposals)
        done: list[Match | Ambiguity] = [*found.matches, *found.ambiguities]
        if done:
            outcome.left = outcome.left.without(
                {line_id for each in done for line_id in each.line_ids},
                {name for each in done for name in each.expectation_ids},
            )
    return len(outcome.matches) > before
