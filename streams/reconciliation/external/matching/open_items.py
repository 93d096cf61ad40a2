"""Open items: what is not matched yet, and what a pass may say about it.

Owns: the records between the passes; their order, so that the order of the input is none.
Never: matches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.expectations import Expectation, Manner


@dataclass(frozen=True, slots=True)
class Open:
    """Lines and expectations in their order: priority, value date, id."""

    lines: tuple[Line, ...]
    expectations: tuple[Expectation, ...]
    reports: tuple[Line, ...] = ()  # a processor's lines: witnesses between ledger and bank

    def without(self, line_ids: Collection[str], expectation_ids: Collection[str]) -> Open:
        """Leave out what was matched, or waits for a person."""
        return replace(
            self,
            lines=tuple(each for each in self.lines if each.line_id not in line_ids),
            expectations=tuple(
                each for each in self.expectations if each.expectation_id not in expectation_ids
            ),
            reports=tuple(each for each in self.reports if each.line_id not in line_ids),
        )


@dataclass(frozen=True, slots=True)
class Match:
    """Lines and expectations that are the same money."""

    by: str  # the pass, or the person
    line_ids: tuple[str, ...]
    expectation_ids: tuple[str, ...]
    difference: int = 0  # found less expected, in minor units: within tolerance
    manner: Manner = Manner.AUTO


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person is asked about."""

    by: str
    line_ids: tuple[str, ...]
    expectation_ids: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Candidates that are not unique: no later pass decides between them."""

    by: str
    line_ids: tuple[str, ...]
    expectation_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one pass concluded."""

    matches: tuple[Match, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    proposals: tuple[Proposal, ...] = ()


def in_order(
    lines: Iterable[Line], expectations: Iterable[Expectation], reports: Iterable[Line] = ()
) -> Open:
    """Sort, so that the order in which things came says nothing; a line without money is none."""
    found = Open(
        tuple(sorted((each for each in lines if each.amount), key=_line_order)),
        tuple(sorted(expectations, key=_expectation_order)),
        tuple(sorted((each for each in reports if each.amount), key=_line_order)),
    )
    line_ids = {each.line_id for each in (*found.lines, *found.reports)}
    expectation_ids = {each.expectation_id for each in found.expectations}
    if len(line_ids) < len(found.lines) + len(found.reports):
        raise ValueError("a line is there twice; the same file was read twice")
    if len(expectation_ids) < len(found.expectations):
        raise ValueError("an expectation is there twice")
    return found


def _line_order(line: Line) -> tuple[str, str]:
    return line.value_date.isoformat(), line.line_id


def _expectation_order(expectation: Expectation) -> tuple[int, str, str]:
    return expectation.priority, expectation.expected_on.isoformat(), expectation.expectation_id
