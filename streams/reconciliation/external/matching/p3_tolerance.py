"""Pass 3: the same reference, and an amount as far off as the rail's tolerance allows."""

from __future__ import annotations

from typing import Final

from streams.reconciliation.external.matching.candidates import decided
from streams.reconciliation.external.matching.expectations import Rules
from streams.reconciliation.external.matching.open_items import Found, Open
from streams.reconciliation.external.matching.p2_normalised import sharing

NAME: Final = "tolerance"


def run(items: Open, rules: Rules) -> Found:
    """Match by reference within tolerance, when nobody else has the reference at all."""
    shared = sharing(items, rules)
    alone = decided(NAME, shared).matches
    only = {(each.line_ids[0], each.expectation_ids[0]) for each in alone}
    return decided(
        NAME,
        [
            (line, expectation)
            for line, expectation in shared
            if (line.line_id, expectation.expectation_id) in only
            and rules.tolerance(expectation.rail).allows(expectation.amount, line.amount)
        ],
    )
