"""Credit: the guards of ChangeCreditLimit.

Owns: that a limit is one, and of a currency the wallet holds.
Never: looks at what is used of it: a limit may be lowered below that. No status but closed stops a
change, which moves no money.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import malformed
from ledger.refusal import Refusal
from ledger.wallet_status import currency_refusal
from schemas.messages.commands import ChangeCreditLimit
from schemas.messages.vocabulary import RejectionReason, WalletStatus

COMMANDS: Final = (ChangeCreditLimit,)


def shape(case: Case, body: ChangeCreditLimit) -> Refusal | None:
    """Refuse an unknown currency and a limit below nothing."""
    if body.currency not in case.moment.programme.currencies:
        return Refusal(RejectionReason.UNKNOWN_CURRENCY, body.currency)
    return malformed("limit") if body.limit < 0 else None


def status(case: Case, body: ChangeCreditLimit) -> Refusal | None:
    """Refuse a closed wallet and a currency that it does not hold."""
    owner = case.owner()
    if owner.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, owner.status.name)
    return currency_refusal(owner, body.currency)
