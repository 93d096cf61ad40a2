"""The chart of accounts, as far as postings exist: codes, and which of them belong to a wallet."""

from __future__ import annotations

from typing import Final

AVAILABLE: Final = "W.AVL"
RESERVED: Final = "W.RSV"
PENDING_OUT: Final = "W.POUT"
RAIL_RECEIVABLE: Final = "RAIL.RCV"
REVENUE_TOP_UP: Final = "REV.TOPUP"
REVENUE_TRANSFER: Final = "REV.P2P"
IN_FLIGHT: Final = "IB"

# These sit inside the wallet's own row and never go debit (I3); all others are system accounts.
WALLET_ACCOUNTS: Final = frozenset({AVAILABLE, RESERVED, PENDING_OUT})

INT64_MAX: Final = 2**63 - 1
INT64_MIN: Final = -(2**63)
