"""Largest single outgoing amount.

Why: Caps the loss of one mistaken or stolen payment.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_PER_TX above the tier's `per_tx_out`."""
    if outgoing.base_amount > outgoing.limits.per_tx_out:
        return Refusal(RejectionReason.LIMIT_PER_TX, "per_tx_out")
    return None
