"""Calendar days of outgoing money: a ring of the days before the current one.

Owns: how the ring moves on when a day has passed.
Never: decides a limit; reads or writes rows.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.rows import OutflowDaysRow, OutflowRow

KEPT: Final = 30
NO_DAYS: Final = OutflowDaysRow((), ())


def days_before(day: int, row: OutflowRow, days: OutflowDaysRow) -> OutflowDaysRow:
    """Return the ring as it stands on `day`: the row's own day enters it once that is over."""
    passed = day - row.day
    if passed <= 0:
        return days
    if passed > KEPT:
        return NO_DAYS
    nothing = (0,) * (passed - 1)
    return OutflowDaysRow(
        (*nothing, row.day_count, *days.counts)[:KEPT],
        (*nothing, row.day_sum, *days.sums)[:KEPT],
    )


def days_without(
    days: OutflowDaysRow, ago: int, base_amount: int, count: int
) -> OutflowDaysRow | None:
    """Return the ring with part of a day given back; None when it is not in the ring."""
    index = ago - 1
    if not 0 <= index < len(days.counts):
        return None
    counts = list(days.counts)
    sums = list(days.sums)
    counts[index] = max(0, counts[index] - count)
    sums[index] = max(0, sums[index] - base_amount)
    return OutflowDaysRow(tuple(counts), tuple(sums))
