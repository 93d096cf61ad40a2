"""Interest: guards of what we owe a wallet for its balance.

Owns: what an accrual and a payment must say, and that the wallet can be paid.
Never: how much was accrued; that is asked with the money (`ledger.decisions.interest`).
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import money, text
from ledger.refusal import Refusal
from ledger.wallet_status import currency_refusal, owed_refusal
from schemas.messages.commands import AccrueInterest, PayInterest
from schemas.messages.vocabulary import RejectionReason, WalletStatus

COMMANDS: Final = (AccrueInterest, PayInterest)


def shape(case: Case, body: AccrueInterest | PayInterest) -> Refusal | None:
    """Refuse malformed fields."""
    programme = case.moment.programme
    return text(body.period, "period") or money(programme, body.currency, body.amount, None)


def status(case: Case, body: AccrueInterest | PayInterest) -> Refusal | None:
    """Interest accrues on a frozen wallet too; it is paid into one that may be credited."""
    owner = case.owner()
    if isinstance(body, PayInterest):
        return owed_refusal(owner, body.currency)
    if owner.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, owner.status.name)
    return currency_refusal(owner, body.currency)
