"""Outgoing money per calendar month of the programme's zone.

Why: Turnover ceilings of regulators are monthly.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `month_out`."""
    if outgoing.month_sum + outgoing.base_amount > outgoing.limits.month_out:
        return Refusal(RejectionReason.LIMIT_WINDOW, "month_out")
    return None
