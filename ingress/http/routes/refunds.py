"""Refunds: a merchant gives back a payment or a part of it.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

WRITES: Final = (
    Write("/wallets/{wallet_id}/refunds", "RefundPayment", "Give a payment back, or a part"),
)
