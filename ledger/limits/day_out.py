"""Outgoing money per calendar day of the programme's zone.

Why: The ceiling a customer can be told: it starts again at midnight.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `day_out`."""
    ceiling = outgoing.limits.day_out
    if outgoing.day_sum + outgoing.base_amount > ceiling:
        return until.period("day_out", outgoing, ceiling, until.next_day(outgoing))
    return None
