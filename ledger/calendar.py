"""Calendar periods of the programme's zone, by integer arithmetic on a table of transitions.

Owns: day, week and month numbers of an instant, when they begin, when the clock shows a time, and
an instant in words.
Never: asks a zone database or a clock. A day of 23 or 25 hours is simply one day.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, final

from schemas.messages.policy import Zone

SECOND_US: Final = 1_000_000
DAY_S: Final = 86_400
MONDAY: Final = 3  # 1970-01-01 was a Thursday: its week began three days earlier
EPOCH: Final = 719_468  # days from 0000-03-01 to 1970-01-01


@final
class Calendar:
    """Days as the programme's zone counts them."""

    __slots__ = ("_instants", "_offsets")

    def __init__(self, zone: Zone) -> None:
        # The first transition holds for everything before it too.
        self._instants: Final = tuple(each.at for each in zone.transitions[1:])
        self._offsets: Final = tuple(each.offset_s for each in zone.transitions)

    def day(self, at: int) -> int:
        """Return the days since 1970-01-01 of an instant in microseconds."""
        offset = self._offsets[bisect_right(self._instants, at)]  # hot, so not by `shown`
        return (at // SECOND_US + offset) // DAY_S

    def shown(self, at: int) -> int:
        """Return what the clock shows at an instant, in seconds since it showed 1970-01-01."""
        return at // SECOND_US + self._offsets[bisect_right(self._instants, at)]

    def begins(self, day: int) -> int:
        """Return the instant at which a day begins; where no clock shows midnight, the next one."""
        return self.shows(day * DAY_S)

    def shows(self, shown: int) -> int:
        """Return the first instant at which the clock shows that, or what it skips that for."""
        instants = self._instants
        # An offset is a day at most: the clock did not show it before this piece of the table.
        piece = bisect_right(instants, (shown - DAY_S) * SECOND_US)
        while True:
            at = (shown - self._offsets[piece]) * SECOND_US
            if piece > 0:
                at = max(at, instants[piece - 1])
            if piece == len(instants) or at < instants[piece]:
                return at
            piece += 1


def week_of(day: int) -> int:
    """Return the weeks since 1970 of a day number; a week begins on Monday, as in ISO 8601."""
    return (day + MONDAY) // 7


def week_begins(week: int) -> int:
    """Return the day number of a week's Monday."""
    return week * 7 - MONDAY


def month_of(day: int) -> int:
    """Return the months since 1970-01 of a day number (proleptic Gregorian calendar).

    Years are counted from March, so that the leap day is the last day of a year: then the
    lengths of months repeat as 153 days in five months.
    """
    era, day_of_era = divmod(day + EPOCH, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    return (era * 400 + year_of_era - 1_970) * 12 + month_from_march + 2


def month_begins(month: int) -> int:
    """Return the day number of a month's first day."""
    year, month_from_march = divmod(month + 1_970 * 12 - 2, 12)
    leap_days = year // 4 - year // 100 + year // 400
    return 365 * year + leap_days + (153 * month_from_march + 2) // 5 - EPOCH


def in_words(at: int) -> str:
    """Return an instant as `2026-11-28T12:00:00Z`, rounded up to the second."""
    day, second = divmod(-(-at // SECOND_US), DAY_S)
    month = month_of(day)
    date = f"{1_970 + month // 12:04}-{month % 12 + 1:02}-{day - month_begins(month) + 1:02}"
    return f"{date}T{second // 3_600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
