"""Pass 6: somebody paid several things at once, or one in parts, and named none of them.

Owns: the bounded exact search among open items of one counterparty.
Never: accepts a sum that has two solutions, or that chance alone would give too often.

A unique solution proves little among many small amounts: n items have 2^n sums, and when there are
nearly as many as the sums can have values, one will fit by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.candidates import grouped
from streams.reconciliation.external.matching.claims import Claim, settled
from streams.reconciliation.external.matching.expectations import Expectation, Rules
from streams.reconciliation.external.matching.open_items import Found, Open, Proposal
from streams.reconciliation.external.matching.p5_neighbours import name_of, near
from streams.reconciliation.external.matching.subset_sum import ITEMS_MAX, subsets

NAME: Final = "subset"
SMALLEST: Final = 2
W = TypeVar("W", Line, Expectation)
P = TypeVar("P", Line, Expectation)


@dataclass(frozen=True, slots=True)
class Sum(Generic[W, P]):
    """A whole, the parts that could make it, and how both become a claim."""

    whole: W
    parts: Sequence[P]
    claim: Callable[[W, Sequence[P]], Claim]


def run(items: Open, rules: Rules) -> Found:
    """Search each counterparty's items, in both directions."""
    lines = grouped((_place(each), each) for each in items.lines if each.counterparty)
    expected = grouped((_place(each), each) for each in items.expectations if each.counterparty)
    claims: list[Claim] = []
    proposals: list[Proposal] = []
    for place, wanted in expected.items():
        for certain, claim in _solutions(lines.get(place, []), wanted, rules):
            if certain:
                claims.append(claim)
            else:
                why = "the sum fits, and so could another"
                proposals.append(Proposal(NAME, claim.line_ids, claim.expectation_ids, why))
    return settled(NAME, claims, proposals)


def _place(item: Line | Expectation) -> tuple[str, str, bool, str]:
    return item.account, item.currency, item.amount > 0, name_of(item.counterparty)


def _solutions(
    lines: list[Line], wanted: list[Expectation], rules: Rules
) -> Iterator[tuple[bool, Claim]]:
    if len(lines) * len(wanted) > rules.pairs_max:
        return
    for line in lines:
        parts = [each for each in wanted if near(line, each, rules)]
        yield from _solved(Sum(line, parts, _paid_together), rules)
    for expectation in wanted:
        pieces = [each for each in lines if near(each, expectation, rules)]
        yield from _solved(Sum(expectation, pieces, _paid_in_parts), rules)


def _solved(sum_: Sum[W, P], rules: Rules) -> Iterator[tuple[bool, Claim]]:
    """Yield the subset that makes the whole, if there is one: certain when it is the only one."""
    target = sum_.whole.amount
    parts = [each for each in sum_.parts if abs(each.amount) <= abs(target)]
    if not SMALLEST <= len(parts) <= min(rules.subset_max, ITEMS_MAX):
        return
    count, places = subsets([each.amount for each in parts], target)
    if count == 0 or len(places) < SMALLEST:
        return
    by_chance = (1 << len(parts)) * rules.chance_one_in > sum(abs(each.amount) for each in parts)
    yield count == 1 and not by_chance, sum_.claim(sum_.whole, [parts[at] for at in places])


def _paid_together(line: Line, parts: Sequence[Expectation]) -> Claim:
    return Claim((line.line_id,), tuple(sorted(each.expectation_id for each in parts)))


def _paid_in_parts(expectation: Expectation, parts: Sequence[Line]) -> Claim:
    return Claim(tuple(sorted(each.line_id for each in parts)), (expectation.expectation_id,))
