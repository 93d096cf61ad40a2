"""Whether wallets of this tier may transfer to other wallets.

Why: Person to person transfers need a customer who is known.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import OutflowFamily, RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse KYC_REQUIRED where the tier's `p2p_out` is false."""
    if outgoing.family is OutflowFamily.P2P and not outgoing.limits.p2p_out:
        return Refusal(RejectionReason.KYC_REQUIRED, "p2p_out")
    return None
