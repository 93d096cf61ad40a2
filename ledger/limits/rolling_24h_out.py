"""Outgoing money in any 24 hours, exact: (t - 24 h, t].

Why: A calendar day alone would allow twice its ceiling around midnight.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `rolling_24h_out`."""
    if outgoing.trailing.day_24h.base_sum + outgoing.base_amount > outgoing.limits.rolling_24h_out:
        return Refusal(RejectionReason.LIMIT_WINDOW, "rolling_24h_out")
    return None
