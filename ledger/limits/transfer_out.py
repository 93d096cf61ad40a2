"""Whether wallets of this tier may pay others at all.

Why: Paying others needs an identified customer.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from schemas.messages.vocabulary import RejectionReason


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse KYC_REQUIRED above the tier's `transfer_out`."""
    if not outgoing.limits.transfer_out:
        return Refusal(RejectionReason.KYC_REQUIRED, "transfer_out")
    return None
