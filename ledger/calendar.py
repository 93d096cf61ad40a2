"""Calendar periods of the programme's zone, by integer arithmetic on a table of transitions.

Owns: day and month numbers of an instant.
Never: asks a zone database or a clock. A day of 23 or 25 hours is simply one day.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, final

from schemas.messages.policy import Zone

SECOND_US: Final = 1_000_000
DAY_S: Final = 86_400


@final
class Calendar:
    """Days and months as the programme's zone counts them."""

    __slots__ = ("_instants", "_offsets")

    def __init__(self, zone: Zone) -> None:
        # The first transition holds for everything before it too.
        self._instants: Final = tuple(each.at for each in zone.transitions[1:])
        self._offsets: Final = tuple(each.offset_s for each in zone.transitions)

    def day(self, at: int) -> int:
        """Return the days since 1970-01-01 of an instant in microseconds."""
        offset = self._offsets[bisect_right(self._instants, at)]
        return (at // SECOND_US + offset) // DAY_S


def month_of(day: int) -> int:
    """Return the months since 1970-01 of a day number (proleptic Gregorian calendar).

    Years are counted from March, so that the leap day is the last day of a year: then the
    lengths of months repeat as 153 days in five months.
    """
    shifted = day + 719_468  # days since 0000-03-01
    era, day_of_era = divmod(shifted, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    return (era * 400 + year_of_era - 1_970) * 12 + month_from_march + 2
