"""Disputes: a buyer asks a payment back, with evidence of both sides.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

ONE: Final = "/wallets/{wallet_id}/disputes/{dispute_id}"
WRITES: Final = (
    Write("/wallets/{wallet_id}/disputes", "OpenDispute", "Dispute a payment"),
    Write(f"{ONE}/evidence", "SubmitEvidence", "Add evidence, by reference and digest"),
    Write(f"{ONE}/resolution", "ResolveDispute", "Decide it"),
    Write(f"{ONE}/withdrawal", "WithdrawDispute", "Take it back"),
)
