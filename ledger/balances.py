"""Balances: what a wallet's accounts hold, and what of it may be spent.

Owns: the wallet's own money, its credit limit, and what is available: both together.
Never: judges an attempt; changes a row.

Only attempts to pay and to reserve (`ledger.decisions.outgoing`) may use credit. A pot is filled, a
residual swept, an adjustment taken and a claim of a bank or scheme covered from the wallet's own
money alone. A limit may be lowered below what is used: nothing more goes out then, until enough has
come in.
"""

from __future__ import annotations

from ledger.chart import AVAILABLE, INT64_MAX
from ledger.refusal import Refusal
from schemas.messages.rows import AccountBalance, CreditLimit, WalletRow
from schemas.messages.vocabulary import RejectionReason


def limit_of(row: WalletRow, currency: str) -> int:
    """Return a wallet's credit limit; most have none."""
    for each in row.credit_limits:
        if each.currency == currency:
            return each.minor
    return 0


def limits_with(row: WalletRow, currency: str, minor: int) -> tuple[CreditLimit, ...]:
    """Return a wallet's credit limits with one of them changed; 0 is not kept."""
    others = [each for each in row.credit_limits if each.currency != currency]
    return (*others, CreditLimit(currency, minor)) if minor > 0 else tuple(others)


def balance_of(row: WalletRow, account: str, currency: str) -> int:
    """Return the balance of one of a wallet's accounts, debit positive."""
    for each in row.balances:
        if each.account == account and each.currency == currency:
            return each.minor
    return 0


def available_of(row: WalletRow, currency: str) -> int:
    """Return what may be spent now, credit included; below 0 if more is used than the limit."""
    return limit_of(row, currency) - balance_of(row, AVAILABLE, currency)


def own_of(row: WalletRow, currency: str) -> int:
    """Return what of the available balance is the wallet's own money."""
    return max(0, -balance_of(row, AVAILABLE, currency))


def overdraft_refusal(row: WalletRow, currency: str, total: int) -> Refusal | None:
    """Refuse to spend more than there is, after W.AVL alone was found not to have it.

    What is bought on credit may stay in the wallet, reserved; all of it together must fit 64 bits.
    """
    if not row.credit_limits or available_of(row, currency) < total:
        return Refusal(RejectionReason.INSUFFICIENT_FUNDS, currency)
    others = [each for each in row.balances if each.account != AVAILABLE]
    if total - held_in(others, currency) > INT64_MAX:
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, "balance")
    return None


def held_in(balances: tuple[AccountBalance, ...] | list[AccountBalance], currency: str) -> int:
    """Return what accounts hold in a currency, debit positive; what is overdrawn holds nothing."""
    held = 0
    for each in balances:
        if each.minor < 0 and each.currency == currency:
            held += each.minor
    return held
