"""Outgoing money per calendar day of the programme's zone.

Why: The ceiling a customer can be told: it starts again at midnight.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `day_out`."""
    if outgoing.day_sum + outgoing.base_amount > outgoing.limits.day_out:
        return Refusal(RejectionReason.LIMIT_WINDOW, "day_out")
    return None
