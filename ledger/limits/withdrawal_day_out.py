"""Withdrawn money per calendar day of the programme's zone.

Why: Money that left for a bank cannot be called back.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import OutflowFamily


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_WINDOW above the tier's `withdrawal_day_out`; -1 = no limit."""
    ceiling = outgoing.limits.withdrawal_day_out
    if outgoing.family is not OutflowFamily.WITHDRAWAL or ceiling < 0:
        return None
    if outgoing.withdrawal_day_sum + outgoing.base_amount > ceiling:
        return until.period("withdrawal_day_out", outgoing, ceiling, until.next_day(outgoing))
    return None
