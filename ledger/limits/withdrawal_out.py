"""Whether wallets of this tier may withdraw.

Why: Cash-out needs a customer who is known (India: not for a small wallet).
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import OutflowFamily, RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse KYC_REQUIRED where the tier's `withdrawal_out` is false."""
    if outgoing.family is OutflowFamily.WITHDRAWAL and not outgoing.limits.withdrawal_out:
        return Refusal(RejectionReason.KYC_REQUIRED, "withdrawal_out")
    return None
