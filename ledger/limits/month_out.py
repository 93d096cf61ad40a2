"""Outgoing money per calendar month of the programme's zone.

Why: Turnover ceilings of regulators are monthly.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `month_out`."""
    ceiling = outgoing.limits.month_out
    if outgoing.month_sum + outgoing.base_amount > ceiling:
        return until.period("month_out", outgoing, ceiling, until.next_month(outgoing))
    return None
