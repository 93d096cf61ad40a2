"""Status: may this wallet do that now?

Owns: which question of `ledger.standing` a command asks.
Never: asks about the recipient; that comes after funds.

VoidHold, ChangeWalletStatus and the REJECT of a review only give back or restrict: no status stops
them. The APPROVE of a review pays, so a wallet whose debits are blocked refuses it.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.guards import families
from ledger.refusal import Refusal
from ledger.standing import debit_refusal, handover_refusal, top_up_refusal
from schemas.messages.commands import (
    CaptureHold,
    ChangeTier,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
)
from schemas.messages.rows import WalletRow
from schemas.messages.vocabulary import RejectionReason, ReviewVerdict, WalletStatus


def check(case: Case) -> Refusal | None:
    """Refuse what the wallet's status, blocks and currencies do not allow."""
    body = case.command.body
    if isinstance(body, (Transfer, PlaceHold)):
        return debit_refusal(case, body.currency)
    if isinstance(body, TopUp):
        return top_up_refusal(case, body.currency)
    if isinstance(body, CaptureHold):
        return handover_refusal(case)
    if isinstance(body, ChangeTier) and case.owner().status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, WalletStatus.CLOSED.name)
    if isinstance(body, ResolveReview) and body.verdict is ReviewVerdict.APPROVE:
        return _approve(case.owner())
    return families.status(case, body)


def _approve(row: WalletRow) -> Refusal | None:
    return Refusal(RejectionReason.DEBIT_BLOCKED) if row.debit_blocked else None
