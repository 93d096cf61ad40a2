"""Cut-offs: when a merchant is paid out next.

Owns: the first cut-off of a plan after an instant, in the programme's zone.
Never: asks a clock.
"""

from __future__ import annotations

from typing import Final

from ledger.calendar import SECOND_US, Calendar, week_begins, week_of
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import PayoutPlan

NEVER: Final = 0


def next_cutoff(policy: Policy, plan: PayoutPlan, at: int) -> int:
    """Return the first cut-off after `at`, in microseconds; NEVER when it is paid by hand.

    A week is cut on its Monday. A cut-off counts from the beginning of the day, so where the clock
    was changed that day, it is as many hours into the day as on any other.
    """
    if plan is PayoutPlan.BY_HAND:
        return NEVER
    calendar = Calendar(policy.zone)
    day = calendar.day(at)
    if plan is PayoutPlan.WEEKLY:
        monday = week_begins(week_of(day))
        days = (monday, monday + 7)
    else:
        days = (day, day + 1)
    cutoffs = [calendar.begins(each) + policy.settlement_cutoff_s * SECOND_US for each in days]
    return next(each for each in cutoffs if each > at)
