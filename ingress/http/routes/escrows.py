"""Escrows: money that waits for a delivery.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

WRITES: Final = (
    Write("/wallets/{wallet_id}/escrows", "FundEscrow", "Put money into escrow for a seller"),
    Write("/wallets/{wallet_id}/escrows/{escrow_id}/release", "ReleaseEscrow", "Pay a milestone"),
    Write("/wallets/{wallet_id}/escrows/{escrow_id}/refund", "RefundEscrow", "Give it back"),
)
