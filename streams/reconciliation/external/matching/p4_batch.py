"""Pass 4: many to one by batch id: gross less fees of all items is the net of the one line.

Owns: batches of the ledger, and what rounding of fees may leave.
Never: matches many to many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.candidates import grouped
from streams.reconciliation.external.matching.claims import Claim, settled
from streams.reconciliation.external.matching.expectations import Expectation, Rules
from streams.reconciliation.external.matching.open_items import Found, Open
from streams.reconciliation.external.matching.references import (
    batches_of_line,
    contradict,
    normal,
    references_of_expectation,
)
from streams.reconciliation.external.matching.three_way import claims_of_reports

NAME: Final = "batch"
Place = tuple[str, str, str]  # account, currency, batch


def run(items: Open, rules: Rules) -> Found:
    """Match batches of the ledger, and those that a processor's report explains."""
    return settled(NAME, (*_claims(items, rules), *claims_of_reports(items, rules)))


def _claims(items: Open, rules: Rules) -> Iterator[Claim]:
    lines = grouped(
        ((each.account, each.currency, batch), each)
        for each in items.lines
        for batch in sorted(batches_of_line(each, rules))
    )
    for place, expected in _expected(items, rules).items():
        found = lines.get(place, [])
        if min(len(found), len(expected)) != 1 or not _is_batch(found, expected):
            continue
        difference = _difference(found, expected)
        items_count = max(len(found), len(expected))
        if abs(difference) <= _rounding(found, expected, rules) * items_count:
            yield Claim(
                tuple(sorted(each.line_id for each in found)),
                tuple(sorted(each.expectation_id for each in expected)),
                difference,
            )


def _is_batch(found: Sequence[Line], expected: Sequence[Expectation]) -> bool:
    """Say whether a shared name is that of a batch: one without is only ever paid in parts."""
    if all(each.batch_id for each in expected):
        return True
    return len(found) > 1 and not any(contradict(each, expected[0]) for each in found)


def _expected(items: Open, rules: Rules) -> dict[Place, list[Expectation]]:
    """Return expectations by batch; one that is in no batch may be paid in parts by its name."""
    return grouped(
        ((each.account, each.currency, batch), each)
        for each in items.expectations
        for batch in sorted(
            {normal(each.batch_id)} if each.batch_id else references_of_expectation(each, rules)
        )
    )


def _difference(found: Sequence[Line], expected: Sequence[Expectation]) -> int:
    return sum(each.amount - each.fee for each in found) - sum(
        each.amount - each.fee for each in expected
    )


def _rounding(found: Sequence[Line], expected: Sequence[Expectation], rules: Rules) -> int:
    """Return what may be off per item: fees are rounded one by one or all together."""
    fees = any(each.fee for each in found) or any(each.fee for each in expected)
    return rules.fee_rounding if fees else 0
