"""Accepted outgoing movements of this calendar day and the 30 before it.

Why: The way a wallet is used over a month tells a person from a business.
The ring of days never counts too little for 30 days; it counts at most one day too much.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_COUNT above the tier's `count_out_30d`; -1 = no limit."""
    ceiling = outgoing.limits.count_out_30d
    if ceiling < 0:
        return None
    over = outgoing.day_count + sum(outgoing.days.counts) + 1 - ceiling
    if over > 0:
        return until.count("count_out_30d", until.days_leave(outgoing, over))
    return None
