"""Outgoing money in any 24 hours, exact: (t - 24 h, t].

Why: A calendar day alone would allow twice its ceiling around midnight.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from ledger.windows import DAY_US


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `rolling_24h_out`."""
    window = outgoing.trailing.day_24h
    over = window.base_sum + outgoing.base_amount - outgoing.limits.rolling_24h_out
    if over > 0:
        return until.window("rolling_24h_out", outgoing.log.frees(window, DAY_US, over, 0))
    return None
