"""Ages of exceptions, in the buckets that reports use.

Owns: the buckets, and the roll-forward of a period.
Never: reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from streams.reconciliation.external.exceptions.workflow import Case, State

# (first day, last day) of age, both included.
BUCKETS: Final = ((0, 1), (2, 3), (4, 7), (8, 30), (31, 60), (61, 90))
OLDEST: Final = ">90"
ENDED: Final = frozenset({State.RESOLVED, State.WRITTEN_OFF})


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many exceptions of one age, and how much is at stake, by currency."""

    name: str
    count: int
    amounts: tuple[tuple[str, int], ...]


def bucket_of(opened_on: date, today: date) -> str:
    """Name the bucket of an age in calendar days."""
    days = (today - opened_on).days
    if days < 0:
        raise ValueError(f"opened on {opened_on}, after {today}")
    return next((f"{first}-{last}" for first, last in BUCKETS if days <= last), OLDEST)


def aged(cases: Iterable[Case], today: date) -> tuple[Bucket, ...]:
    """Count what is not ended, in every bucket, the youngest first."""
    names = [*(f"{first}-{last}" for first, last in BUCKETS), OLDEST]
    counts = dict.fromkeys(names, 0)
    amounts: dict[str, dict[str, int]] = {name: {} for name in names}
    for case in cases:
        if case.state in ENDED:
            continue
        name = bucket_of(case.opened_on, today)
        counts[name] += 1
        amounts[name][case.currency] = amounts[name].get(case.currency, 0) + case.amount
    return tuple(Bucket(name, counts[name], tuple(sorted(amounts[name].items()))) for name in names)


@dataclass(frozen=True, slots=True)
class RollForward:
    """Breaks that were open, came, went, and are open: the report must add up."""

    opening: int
    new: int
    ended: int
    closing: int


def rolled(before: Iterable[Case], after: Iterable[Case]) -> RollForward:
    """Compare the exceptions before and after a period, by id; reopened ones are new again."""
    was_open = {case.case_id for case in before if case.state not in ENDED}
    is_open = {case.case_id for case in after if case.state not in ENDED}
    return RollForward(
        opening=len(was_open),
        new=len(is_open - was_open),
        ended=len(was_open - is_open),
        closing=len(is_open),
    )
