"""Outgoing money per calendar week of the programme's zone, from Monday on.

Why: Between a day and a month: a stolen wallet is emptied over days.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `week_out`; -1 = no limit."""
    ceiling = outgoing.limits.week_out
    if 0 <= ceiling < outgoing.week_sum + outgoing.base_amount:
        return until.period("week_out", outgoing, ceiling, until.next_week(outgoing))
    return None
