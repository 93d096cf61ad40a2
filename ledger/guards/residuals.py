"""Residuals: guards of what is left in a wallet that is to be closed.

Owns: by whose authority it is swept, and that nothing of the wallet is open.
Never: closes the wallet; ChangeWalletStatus does, once nothing is left.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.chart import AVAILABLE, CUSTOMER_DEBT, MERCHANT_DEBT
from ledger.guards.fields import malformed
from ledger.refusal import Refusal
from ledger.wallet_status import currency_refusal, left_open
from schemas.messages.commands import SweepResidual
from schemas.messages.vocabulary import Authority, RejectionReason, WalletStatus

COMMANDS: Final = (SweepResidual,)
AUTHORITIES: Final = frozenset({Authority.OPERATOR, Authority.COMPLIANCE})


def shape(body: SweepResidual) -> Refusal | None:
    """Refuse an authority that may not take money out of a wallet."""
    return None if body.authority in AUTHORITIES else malformed("authority")


def state(case: Case) -> Refusal | None:
    """Refuse while holds, movements, debts, interest or money outside W.AVL are open."""
    open_ = _open(case)
    return None if open_ is None else Refusal(RejectionReason.INVALID_TRANSITION, open_)


def _open(case: Case) -> str | None:
    owner = case.owner()
    left = left_open(owner)
    if left is not None and left != "balance":
        return left
    if any(each.minor != 0 and each.account != AVAILABLE for each in owner.balances):
        return "balance"
    view = case.moment.view
    for currency in owner.currencies:
        for account in (CUSTOMER_DEBT, MERCHANT_DEBT):
            debt = view.accounts.get((account, case.wallet_id, currency))
            if debt is not None and debt.minor != 0:
                return account
        if view.interest.get((case.wallet_id, currency)) is not None:
            return "interest"
    return None


def status(case: Case, body: SweepResidual) -> Refusal | None:
    """Refuse a closed wallet and a currency that it does not hold."""
    owner = case.owner()
    if owner.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, owner.status.name)
    return currency_refusal(owner, body.currency)
