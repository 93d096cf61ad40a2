"""Accepted outgoing movements in any hour, exact: (t - 1 h, t].

Why: Bounds automation, and with it the work one wallet can cause.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_COUNT above the tier's `count_out_hour`."""
    if outgoing.trailing.hour.count + 1 > outgoing.limits.count_out_hour:
        return Refusal(RejectionReason.LIMIT_COUNT, "count_out_hour")
    return None
