"""FR02: How far the money of 24 hours is above the mean of days, in 0.01 deviations.

Why: A wallet that was taken over is emptied at another pace than its owner's.
This attempt is included. Mean and deviation are those of the calendar days with spending among the
30 before this one. At or below the mean it is 0. Fewer than 5 such days, or days all alike (no
variance), have no value. The last hour is not looked at by itself: it is part of the 24 hours.
Default: from 301 (3 sigma) 150.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from math import isqrt
from typing import Final

from ledger.outgoing import Outgoing
from ledger.profile import RATIO_MAX

DAYS_MIN: Final = 5


def feature(outgoing: Outgoing) -> int | None:
    """Return `out_24h_sigmas`."""
    sums = [each for each in outgoing.days.sums if each > 0]
    days = len(sums)
    if days < DAYS_MIN:
        return None
    spent = outgoing.trailing.day_24h.base_sum + outgoing.base_amount
    total = sum(sums)
    above = spent * days - total
    if above <= 0:
        return 0
    # n^2 times the variance, so that nothing is rounded before the root.
    spread = isqrt(days * sum([each * each for each in sums]) - total * total)
    return min(above * 100 // spread, RATIO_MAX) if spread > 0 else None
