"""Matched: how much of what the ledger expects was found outside, by count and by amount.

Owns: the figures of one run of all passes.
Never: a float; a rate is whole basis points, rounded down, so that 100 % means all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from streams.reconciliation.external.matching.expectations import Expectation
from streams.reconciliation.external.run import Run

ALL_BPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Share:
    """So much of so much."""

    part: int
    whole: int

    @property
    def bps(self) -> int | None:
        """The rate in basis points; None of nothing."""
        return self.part * ALL_BPS // self.whole if self.whole else None

    def document(self) -> dict[str, Any]:
        """Return it for programs; minor units and counts are whole numbers."""
        return {"matched": self.part, "of": self.whole, "bps": self.bps}


@dataclass(frozen=True, slots=True)
class Matching:
    """One run over everything until the last day."""

    expectations: Share
    lines: Share
    amounts: tuple[tuple[str, Share], ...]  # by currency, without sign
    passes: tuple[tuple[str, int], ...]  # expectations matched, by pass
    statuses: tuple[tuple[str, int], ...]  # expectations, by status
    unexpected: tuple[tuple[str, int], ...]  # lines, by kind
    proposals: int

    def document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "expectations": self.expectations.document(),
            "lines": self.lines.document(),
            "amounts": {currency: share.document() for currency, share in self.amounts},
            "passes": dict(self.passes),
            "statuses": dict(self.statuses),
            "unexpected_lines": dict(self.unexpected),
            "proposals": self.proposals,
        }


def matching_of(run: Run) -> Matching:
    """Count a run."""
    matches = run.outcome.matches
    found = {name for each in matches for name in each.expectation_ids}
    lines = {name for each in matches for name in each.line_ids}
    passes = Counter[str]()
    for each in matches:
        passes[each.by] += len(each.expectation_ids)
    return Matching(
        Share(len(found), len(run.expectations)),
        Share(sum(1 for each in run.booked if each.line_id in lines), len(run.booked)),
        _amounts(run.expectations, found),
        tuple(sorted(passes.items())),
        tuple(sorted(Counter(each.value for each in run.standing.statuses.values()).items())),
        tuple(sorted(Counter(each.value for each in run.standing.lines.values()).items())),
        len(run.outcome.proposals),
    )


def _amounts(wanted: Iterable[Expectation], found: set[str]) -> tuple[tuple[str, Share], ...]:
    part, whole = Counter[str](), Counter[str]()
    for each in wanted:
        whole[each.currency] += abs(each.amount)
        if each.expectation_id in found:
            part[each.currency] += abs(each.amount)
    return tuple((currency, Share(part[currency], whole[currency])) for currency in sorted(whole))
