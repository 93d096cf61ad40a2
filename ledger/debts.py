"""Debts: what a customer owes us, RCV.CUST, or a merchant, RCV.MERCH.

Owns: how much that is, and how much of a claim the wallet can cover before it becomes a debt.
Never: posts anything.

A debt begins when a bank takes back what is spent (F2c.4) or a chargeback is lost (F10.5). The
next top-ups by card pay it first (F2c.7); a debt in one currency is paid in that currency.
"""

from __future__ import annotations

from ledger.balances import own_of
from ledger.chart import CUSTOMER_DEBT
from ledger.view import PartitionView
from schemas.messages.rows import WalletRow


def debt_of(
    view: PartitionView, wallet_id: str, currency: str, account: str = CUSTOMER_DEBT
) -> int:
    """Return what a wallet owes us in a currency; the row exists only if it ever owed."""
    row = view.accounts.get((account, wallet_id, currency))
    return 0 if row is None else max(0, row.minor)


def covered(row: WalletRow, currency: str, claim: int) -> int:
    """Return how much of a claim W.AVL covers; a claim uses no credit."""
    return min(claim, own_of(row, currency))
