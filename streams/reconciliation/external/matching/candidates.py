"""Candidates: which lines could be which expectations, and which of them can be nothing else.

Owns: the rule of every pass: unique on both sides, or ambiguous.
Never: knows why two are candidates.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from streams.reconciliation.external.canonical import Line
from streams.reconciliation.external.matching.expectations import Expectation
from streams.reconciliation.external.matching.open_items import Ambiguity, Found, Match

Pair = tuple[Line, Expectation]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Return values by key, in the order they came."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def decided(by: str, pairs: Iterable[Pair]) -> Found:
    """Match pairs whose two sides have no other candidate; the rest is ambiguous together."""
    of_line: dict[str, dict[str, Expectation]] = {}
    of_expectation: dict[str, dict[str, Line]] = {}
    for line, expectation in pairs:
        of_line.setdefault(line.line_id, {})[expectation.expectation_id] = expectation
        of_expectation.setdefault(expectation.expectation_id, {})[line.line_id] = line
    matches = []
    for line_id, wanted in of_line.items():
        (first, expectation), *others = wanted.items()
        if not others and len(of_expectation[first]) == 1:
            line = of_expectation[first][line_id]
            matches.append(
                Match(by, (line_id,), (first,), difference=line.amount - expectation.amount)
            )
    decided_lines = {each.line_ids[0] for each in matches}
    undecided = {each: set(wanted) for each, wanted in of_line.items() if each not in decided_lines}
    back = {each: set(lines) for each, lines in of_expectation.items()}
    return Found(tuple(matches), tuple(_together(by, undecided, back)))


def _together(
    by: str, of_line: dict[str, set[str]], of_expectation: dict[str, set[str]]
) -> Iterator[Ambiguity]:
    """Yield what hangs together: lines that share expectations, directly or by others."""
    seen: set[str] = set()
    for start in sorted(of_line):
        if start in seen:
            continue
        lines, expectations, waiting = {start}, set[str](), [start]
        while waiting:
            for wanted in of_line[waiting.pop()] - expectations:
                expectations.add(wanted)
                fresh = of_expectation[wanted] - lines
                lines |= fresh
                waiting.extend(fresh)
        seen |= lines
        yield Ambiguity(by, tuple(sorted(lines)), tuple(sorted(expectations)))
