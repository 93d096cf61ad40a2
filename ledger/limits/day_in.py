"""Incoming money per calendar day of the programme's zone.

Why: Loading ceilings are part of simplified due diligence.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Incoming
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(incoming: Incoming) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `day_in`."""
    if incoming.day_sum + incoming.base_amount > incoming.limits.day_in:
        return Refusal(RejectionReason.LIMIT_WINDOW, "day_in")
    return None
