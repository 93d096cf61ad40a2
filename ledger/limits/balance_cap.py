"""Largest current balance, over all currencies of the wallet.

Why: A tier may only store so much; after a downgrade credits stop, debits go on.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Incoming
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(incoming: Incoming) -> Refusal | None:
    """Refuse LIMIT_BALANCE_CAP above the tier's `balance_cap`."""
    if incoming.balance + incoming.credited > incoming.limits.balance_cap:
        return Refusal(RejectionReason.LIMIT_BALANCE_CAP, "balance_cap")
    return None
