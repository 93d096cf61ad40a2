"""Days on which a rail works.

Owns: business days between two dates: Monday to Friday without the holidays of the rules.
Never: knows a country.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)
DAYS_OF_WEEK: Final = 7
WORKDAYS: Final = 5


def business_days(earlier: date, later: date, holidays: frozenset[date]) -> int:
    """Return how many business days lie after one date, up to and with another; always from 0."""
    if later < earlier:
        earlier, later = later, earlier
    weeks, rest = divmod((later - earlier).days, DAYS_OF_WEEK)
    count = weeks * WORKDAYS
    day = later - timedelta(days=rest)
    for _ in range(rest):
        day += ONE_DAY
        count += day.weekday() < SATURDAY
    return count - sum(
        1 for each in holidays if earlier < each <= later and each.weekday() < SATURDAY
    )
