"""Occurrences: when a schedule is due, in the programme's zone.

Owns: the instant of each occurrence, and which one comes after an instant.
Never: asks a clock.

The first occurrence is due when the customer said; the others when the clock shows the same time of
day. Where it skips that time it is due at the end of the gap; where it shows it twice, the first
time. A month without the day, as of the 31st, has it on its last day.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from ledger.calendar import DAY_S, SECOND_US, Calendar, month_begins, month_of
from schemas.messages.rows import ScheduleRow
from schemas.messages.vocabulary import Recurrence

NEVER: Final = 0
NUMBER_MAX: Final = 36_600  # every day for 100 years
WEEK_DAYS: Final = 7
HORIZON_US: Final = NUMBER_MAX * DAY_S * SECOND_US


def due_of(calendar: Calendar, schedule: ScheduleRow, number: int) -> int:
    """Return when an occurrence is due, in microseconds; NEVER when the schedule ends before it."""
    if number > NUMBER_MAX or 0 < schedule.count < number:
        return NEVER
    if schedule.recurrence is Recurrence.ONCE and number > 1:
        return NEVER
    due = _instant(calendar, schedule, number)
    ends = schedule.until or schedule.first_at + HORIZON_US
    return due if due <= ends else NEVER


def number_after(calendar: Calendar, schedule: ScheduleRow, lowest: int, at: int) -> int:
    """Return the first number from `lowest` on whose occurrence is due after an instant.

    It may be one that the schedule does not have any more; `due_of` says so.
    """
    numbers = range(lowest, NUMBER_MAX + 1)
    passed = bisect_right(numbers, at, key=lambda each: _instant(calendar, schedule, each))
    return lowest + passed


def _instant(calendar: Calendar, schedule: ScheduleRow, number: int) -> int:
    """Return when an occurrence would be due if nothing ended; later numbers are never earlier."""
    first_at = schedule.first_at
    if number == 1:
        return first_at
    first_day, second = divmod(calendar.shown(first_at), DAY_S)
    day = _day(schedule.recurrence, first_day, (number - 1) * schedule.every)
    return calendar.shows(day * DAY_S + second) + first_at % SECOND_US


def _day(recurrence: Recurrence, first: int, steps: int) -> int:
    if recurrence is Recurrence.MONTHLY:
        month = month_of(first)
        day = month_begins(month + steps) + first - month_begins(month)
        return min(day, month_begins(month + steps + 1) - 1)
    return first + steps * (WEEK_DAYS if recurrence is Recurrence.WEEKLY else 1)
