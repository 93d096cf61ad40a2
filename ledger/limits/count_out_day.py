"""Accepted outgoing movements in any 24 hours, exact: (t - 24 h, t].

Why: A script that stays below the hourly count would still go on all day.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from ledger.windows import DAY_US


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_COUNT above the tier's `count_out_day`; -1 = no limit."""
    ceiling = outgoing.limits.count_out_day
    window = outgoing.trailing.day_24h
    over = window.count + 1 - ceiling
    if ceiling >= 0 and over > 0:
        return until.count("count_out_day", outgoing.log.frees(window, DAY_US, 0, over))
    return None
