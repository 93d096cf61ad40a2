"""Claims: several lines and expectations that add up, and which of them can be nothing else.

Owns: the rule of the passes that add: a member of two claims makes both ambiguous.
Never: adds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from streams.reconciliation.external.matching.open_items import Ambiguity, Found, Match, Proposal


@dataclass(frozen=True, slots=True)
class Claim:
    """Lines and expectations that add up to the same money."""

    line_ids: tuple[str, ...]
    expectation_ids: tuple[str, ...]
    difference: int = 0

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """Return who takes part; the two sides have names of their own."""
        return (
            *(("line", each) for each in self.line_ids),
            *(("expectation", each) for each in self.expectation_ids),
        )


def settled(by: str, claims: Iterable[Claim], proposals: Iterable[Proposal] = ()) -> Found:
    """Accept claims whose members are in no other."""
    distinct = sorted(set(claims), key=lambda each: (each.line_ids, each.expectation_ids))
    counts = Counter(member for claim in distinct for member in claim.members)
    alone = [all(counts[member] == 1 for member in claim.members) for claim in distinct]
    return Found(
        tuple(
            Match(by, claim.line_ids, claim.expectation_ids, claim.difference)
            for claim, good in zip(distinct, alone, strict=True)
            if good
        ),
        tuple(
            Ambiguity(by, claim.line_ids, claim.expectation_ids)
            for claim, good in zip(distinct, alone, strict=True)
            if not good
        ),
        tuple(proposals),
    )
