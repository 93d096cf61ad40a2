"""Accepted outgoing movements in any hour, exact: (t - 1 h, t].

Why: Bounds automation, and with it the work one wallet can cause.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from ledger.windows import HOUR_US


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_COUNT above the tier's `count_out_hour`."""
    window = outgoing.trailing.hour
    over = window.count + 1 - outgoing.limits.count_out_hour
    if over > 0:
        return until.count("count_out_hour", outgoing.log.frees(window, HOUR_US, 0, over))
    return None
