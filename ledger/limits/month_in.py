"""Incoming money per calendar month of the programme's zone.

Why: Loading ceilings are part of simplified due diligence.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Incoming
from ledger.refusal import Refusal


def check(incoming: Incoming) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `month_in`."""
    ceiling = incoming.limits.month_in
    if incoming.month_sum + incoming.base_amount > ceiling:
        return until.period("month_in", incoming, ceiling, until.next_month(incoming))
    return None
