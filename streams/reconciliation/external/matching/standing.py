"""Where everything stands after a run: a status for each expectation, a reason for each line.

Owns: the classification of what no pass matched.
Never: matches; what it says becomes an exception, for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.exceptions.kinds import Kind
from streams.reconciliation.external.matching.candidates import grouped
from streams.reconciliation.external.matching.expectations import Expectation, Rules, Status
from streams.reconciliation.external.matching.match import Outcome
from streams.reconciliation.external.matching.rail_days import business_days
from streams.reconciliation.external.matching.references import (
    contradict,
    normal,
    references_of_expectation,
    references_of_line,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run means for both sides."""

    statuses: Mapping[str, Status]  # by expectation
    lines: Mapping[str, Kind]  # lines nobody expected, by line


def standing_of(outcome: Outcome, lines: Iterable[Line], today: date, rules: Rules) -> Standing:
    """Say where everything stands; `lines` are all of the run, the matched ones too."""
    statuses = {name: Status.MATCHED for each in outcome.matches for name in each.expectation_ids}
    statuses |= {
        name: Status.AMBIGUOUS for each in outcome.ambiguities for name in each.expectation_ids
    }
    related = _related(outcome, rules)
    for expectation in outcome.left.expectations:
        found = related.get(expectation.expectation_id, [])
        name = expectation.expectation_id
        statuses[name] = _compared(expectation, found) or _waited(expectation, today, rules)
    explained = {line.line_id for found in related.values() for line in found}
    return Standing(statuses, dict(_unexpected(outcome, lines, explained)))


def _related(outcome: Outcome, rules: Rules) -> dict[str, list[Line]]:
    """Return open lines that bear an open expectation's name, in whatever currency and amount."""
    by_name = grouped(
        ((line.account, reference), line)
        for line in outcome.left.lines
        for reference in sorted(references_of_line(line, rules) | {normal(line.batch_id)} - {""})
    )
    related: dict[str, list[Line]] = {}
    for expectation in outcome.left.expectations:
        names = references_of_expectation(expectation, rules)
        names |= {normal(expectation.batch_id)} - {""}
        found = {
            line.line_id: line
            for name in sorted(names)
            for line in by_name.get((expectation.account, name), ())
        }
        if found:
            related[expectation.expectation_id] = list(found.values())
    return related


def _compared(expectation: Expectation, found: list[Line]) -> Status | None:
    """Say how the lines that bear the name differ; None when there are none."""
    if not found:
        return None
    batch = normal(expectation.batch_id)
    if batch and any(normal(each.batch_id) == batch for each in found):
        return Status.SPLIT_MISMATCH
    if any(each.currency != expectation.currency for each in found):
        return Status.CURRENCY_MISMATCH
    if any(contradict(each, expectation) for each in found):
        return Status.DATA_MISMATCH
    return _amounts_compared(expectation.amount, [each.amount for each in found])


def _amounts_compared(expected: int, found: list[int]) -> Status:
    """Say how amounts differ; when they do not, or in their direction, it is the data."""
    total = sum(found)
    if total * expected <= 0 or total == expected:
        return Status.DATA_MISMATCH
    if abs(total) > abs(expected):
        return Status.OVER_AMOUNT
    return Status.PARTIALLY_MATCHED if len(found) > 1 else Status.UNDER_AMOUNT


def _waited(expectation: Expectation, today: date, rules: Rules) -> Status:
    if today <= expectation.expected_on:
        return Status.EXPECTED
    waited = business_days(expectation.expected_on, today, rules.holidays)
    return Status.MISSING if waited > rules.sla(expectation.rail) else Status.EXPECTED


def _unexpected(
    outcome: Outcome, lines: Iterable[Line], explained: set[str]
) -> Iterator[tuple[str, Kind]]:
    """Yield open lines that no expectation's name explains."""
    matched = {line_id for each in outcome.matches for line_id in each.line_ids}
    seen = {_face(line) for line in lines if line.line_id in matched and _named(line)}
    for line in outcome.left.lines:
        if line.line_id in explained:
            continue
        if _named(line) and _face(line) in seen:
            yield line.line_id, Kind.DUPLICATE
        elif line.reversal or line.return_reason:
            yield line.line_id, Kind.RETURN_WITHOUT_ORIGINAL
        else:
            yield line.line_id, Kind.MISSING_INTERNAL


def _named(line: Line) -> bool:
    return bool(line.rail_ref or line.end_to_end_id)


def _face(line: Line) -> tuple[str, str, int, str, str]:
    return line.account, line.currency, line.amount, line.rail_ref, line.end_to_end_id
