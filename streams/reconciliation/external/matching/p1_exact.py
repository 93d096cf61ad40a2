"""Pass 1: the same reference, amount, currency and account, to the letter.

Owns: the order of references: both, then either.
Never: changes a reference before it compares it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.candidates import Pair, decided, grouped
from streams.reconciliation.external.matching.expectations import Expectation, Rules
from streams.reconciliation.external.matching.open_items import Found, Match, Open
from streams.reconciliation.external.matching.references import contradict

NAME: Final = "exact"
Key = Callable[[Line | Expectation], Hashable]


def _both(item: Line | Expectation) -> Hashable:
    if not (item.rail_ref and item.end_to_end_id):
        return None
    return item.account, item.currency, item.amount, item.rail_ref, item.end_to_end_id


def _rail(item: Line | Expectation) -> Hashable:
    return (item.account, item.currency, item.amount, item.rail_ref) if item.rail_ref else None


def _end_to_end(item: Line | Expectation) -> Hashable:
    if not item.end_to_end_id:
        return None
    return item.account, item.currency, item.amount, item.end_to_end_id


# Both references decide before one of them does: a recurring payment may repeat one.
KEYS: Final[tuple[Key, ...]] = (_both, _rail, _end_to_end)


def run(items: Open, rules: Rules) -> Found:
    """Match by both references, then by either; a line that fits two is ambiguous."""
    del rules
    matches: list[Match] = []
    left = items
    for key in KEYS:
        found = decided(NAME, _pairs(left, key))
        matches.extend(found.matches)
        left = left.without(
            {line_id for each in found.matches for line_id in each.line_ids},
            {expectation_id for each in found.matches for expectation_id in each.expectation_ids},
        )
    either = (pair for key in KEYS for pair in _pairs(left, key))
    return Found(tuple(matches), decided(NAME, either).ambiguities)


def _pairs(items: Open, key: Key) -> list[Pair]:
    wanted = grouped((key(each), each) for each in items.expectations)
    wanted.pop(None, None)
    return [
        (line, expectation)
        for line in items.lines
        for expectation in wanted.get(key(line), ())
        if not contradict(line, expectation)
    ]
