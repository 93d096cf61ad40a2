"""Largest single incoming amount.

Why: Caps what one unusual credit can bring.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Incoming
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(incoming: Incoming) -> Refusal | None:
    """Refuse LIMIT_PER_TX above the tier's `per_tx_in`."""
    if incoming.base_amount > incoming.limits.per_tx_in:
        return Refusal(RejectionReason.LIMIT_PER_TX, "per_tx_in")
    return None
