"""Calendar days of money: rings of the days before the current one.

Owns: how a ring moves on when a day has passed, and the largest movements of the last 90 days.
Never: decides a limit; reads or writes rows.

The largest movements are kept as a falling staircase: of two days the earlier one counts only while
its movement is the larger, so the first day that is not too old has the largest of all.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.rows import InflowRow, OutflowDaysRow, OutflowRow

Ring = tuple[int, ...]

KEPT: Final = 30
KEPT_IN: Final = 7
MAXIMA_DAYS: Final = 90
NO_DAYS: Final = OutflowDaysRow((), (), (), ())


def days_before(day: int, row: OutflowRow, days: OutflowDaysRow) -> OutflowDaysRow:
    """Return the rings as they stand on `day`: the row's own day enters them once it is over."""
    passed = day - row.day
    if passed <= 0:
        return days
    if passed > KEPT and not days.max_days:
        return NO_DAYS
    first = 0
    while first < len(days.max_days) and days.max_days[first] < day - MAXIMA_DAYS:
        first += 1
    return OutflowDaysRow(
        moved_on(days.counts, row.day_count, passed, KEPT),
        moved_on(days.sums, row.day_sum, passed, KEPT),
        days.max_days[first:],
        days.max_amounts[first:],
    )


def inflow_before(day: int, row: InflowRow) -> tuple[Ring, Ring]:
    """Return counts and sums of the days before `day`, the day before first."""
    passed = day - row.day
    if passed <= 0:
        return row.past_counts, row.past_sums
    return (
        moved_on(row.past_counts, row.day_count, passed, KEPT_IN),
        moved_on(row.past_sums, row.day_sum, passed, KEPT_IN),
    )


def moved_on(ring: Ring, latest: int, passed: int, kept: int) -> Ring:
    """Return a ring after so many days, the first of which had `latest`."""
    if passed > kept:
        return ()
    return (*(0,) * (passed - 1), latest, *ring)[:kept]


def with_largest(days: OutflowDaysRow, day: int, base_amount: int) -> OutflowDaysRow:
    """Return the staircase with one more movement; the same when a later step stands above it."""
    end = len(days.max_amounts)
    if end > 0 and days.max_days[end - 1] == day and days.max_amounts[end - 1] >= base_amount:
        return days
    while end > 0 and days.max_amounts[end - 1] <= base_amount:
        end -= 1
    return OutflowDaysRow(
        days.counts,
        days.sums,
        (*days.max_days[:end], day),
        (*days.max_amounts[:end], base_amount),
    )


def days_without(
    days: OutflowDaysRow, ago: int, base_amount: int, count: int
) -> OutflowDaysRow | None:
    """Return the ring with part of a day given back; None when it is not in the ring."""
    if not 0 < ago <= len(days.counts):
        return None
    return OutflowDaysRow(
        less(days.counts, ago, count),
        less(days.sums, ago, base_amount),
        days.max_days,
        days.max_amounts,
    )


def less(ring: Ring, ago: int, part: int) -> Ring:
    """Return a ring with part of a day taken out; the same when the day has left it."""
    index = ago - 1
    if not 0 <= index < len(ring):
        return ring
    return (*ring[:index], max(0, ring[index] - part), *ring[index + 1 :])
