"""Ages of exceptions, in the buckets that reports use, and what is overdue.

Owns: the buckets, the day by which something must be ended, and the roll-forward of a period.
Never: reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from streams.reconciliation.external.exceptions.kinds import sla_days
from streams.reconciliation.external.exceptions.workflow import ENDED, Case, Verb, day_of

# (first day, last day) of age, both included.
BUCKETS: Final = ((0, 1), (2, 3), (4, 7), (8, 30), (31, 60), (61, 90))
OLDEST: Final = ">90"
NAMES: Final = (*(f"{first}-{last}" for first, last in BUCKETS), OLDEST)
CLOSING: Final = frozenset({Verb.RESOLVE, Verb.ARRIVE, Verb.BOOK})


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


def due_on(case: Case) -> date:
    """Return the day by which it must be ended."""
    return case.opened_on + timedelta(days=sla_days(case.kind))


def is_overdue(case: Case, today: date) -> bool:
    """Tell whether nobody ended it in time."""
    return case.state not in ENDED and today > due_on(case)


def aged(cases: Iterable[Case], today: date) -> tuple[Bucket, ...]:
    """Count what is not ended, in every bucket, the youngest first."""
    counts = dict.fromkeys(NAMES, 0)
    amounts: dict[str, dict[str, int]] = {name: {} for name in NAMES}
    for case in cases:
        if case.state in ENDED:
            continue
        name = bucket_of(case.opened_on, today)
        counts[name] += 1
        if case.amount:
            amounts[name][case.currency] = amounts[name].get(case.currency, 0) + case.amount
    return tuple(Bucket(name, counts[name], tuple(sorted(amounts[name].items()))) for name in NAMES)


@dataclass(frozen=True, slots=True)
class RollForward:
    """Exceptions that were open, came, went, and are open: opening + new - ended = closing."""

    opening: int
    new: int
    ended: int
    closing: int


def rolled(cases: Iterable[Case], first: date, last: date) -> RollForward:
    """Count every opening and every end between two days, both included, by the steps taken.

    An exception that is reopened is new again; one opened and ended in between is both.
    """
    opening = new = ended = closing = 0
    for case in cases:
        turns = [(case.opened_on, 1)]
        turns += [(day_of(step.at), -1) for step in case.steps if step.verb in CLOSING]
        turns += [(day_of(step.at), 1) for step in case.steps if step.verb is Verb.REOPEN]
        opening += sum(turn for day, turn in turns if day < first)
        new += sum(1 for day, turn in turns if turn > 0 and first <= day <= last)
        ended += sum(1 for day, turn in turns if turn < 0 and first <= day <= last)
        closing += sum(turn for day, turn in turns if day <= last)
    return RollForward(opening, new, ended, closing)
