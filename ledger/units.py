"""Units: which balances and rows a store keeps together, and by what name each is known there.

Owns: the unit of a balance, a wallet or one account of the system; the unit of the history, a
wallet and month; buckets of units.
Never: a balance or row itself.
"""

from __future__ import annotations

from typing import Final
from zlib import crc32

from ledger.facts import is_wallet_account

UNIT_BUCKETS: Final = 64  # of a partition: of a million wallets, 16,000 in each
SYSTEM: Final = ""  # in place of a wallet


def place_of(account: str, owner: str, currency: str) -> tuple[str, str]:
    """Return the wallet that a balance is of, or SYSTEM, and the name of its field there."""
    if is_wallet_account(account):
        return owner, f"{account}:{currency}"
    return SYSTEM, f"{account}:{owner}:{currency}"


def unit_of(wallet: str, field: str) -> str:
    """Return the name of the unit: accounts of the system are each one of its own."""
    return f"system:{field}" if wallet == SYSTEM else f"wallet:{wallet}"


def wallet_of(unit: str) -> str:
    """Return the wallet of a unit, or SYSTEM."""
    kind, _, name = unit.partition(":")
    return name if kind == "wallet" else SYSTEM


def unit_bucket(unit: str) -> int:
    """Return the bucket of a unit."""
    return crc32(unit.encode()) % UNIT_BUCKETS


def month_unit(wallet: str, month: int) -> str:
    """Return the name of a wallet's month."""
    return f"{month}:{wallet}"


def month_of_unit(unit: str) -> tuple[str, int]:
    """Return wallet and month of a name."""
    month, _, wallet = unit.partition(":")
    return wallet, int(month)


def month_bucket(unit: str) -> int:
    """Return the bucket of a wallet's month: that of the wallet, in whichever month."""
    return crc32(month_of_unit(unit)[0].encode()) % UNIT_BUCKETS
