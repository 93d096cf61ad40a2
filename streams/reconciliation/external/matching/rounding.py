"""Differences within tolerance: posted by themselves, up to so much a day.

Owns: which matches' differences go to EXP.ROUND, and which wait for a person.
Never: posts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from streams.reconciliation.external.matching.open_items import Match


@dataclass(frozen=True, slots=True)
class Rounded:
    """Matches with a difference, by what happens to it."""

    posted: tuple[Match, ...]
    waiting: tuple[Match, ...]
    used: Mapping[str, int]  # of the day's cap, by currency, minor units without sign


def rounded(
    matches: Iterable[Match],
    currencies: Mapping[str, str],
    caps: Mapping[str, int],
    used: Mapping[str, int],
) -> Rounded:
    """Let small differences pass until a currency's cap of the day is used up.

    `currencies` says the currency of each line; signs do not cancel, so that errors in both
    directions cannot hide each other.
    """
    left = {name: caps[name] - used.get(name, 0) for name in caps}
    posted: list[Match] = []
    waiting: list[Match] = []
    for match in sorted(matches, key=_smallest_first):
        if match.difference == 0:
            continue
        currency = currencies[match.line_ids[0]]
        fits = abs(match.difference) <= left.get(currency, 0)
        (posted if fits else waiting).append(match)
        if fits:
            left[currency] -= abs(match.difference)
    return Rounded(
        tuple(posted), tuple(waiting), {name: caps[name] - left[name] for name in sorted(caps)}
    )


def _smallest_first(match: Match) -> tuple[int, tuple[str, ...]]:
    return abs(match.difference), match.line_ids
