"""Adjustments: corrections by two people, and the treasury's own bookings.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

ONE: Final = "/wallets/{wallet_id}/adjustments/{adjustment_id}"
WRITES: Final = (
    Write("/wallets/{wallet_id}/adjustments", "ProposeAdjustment", "Propose a correction"),
    Write(f"{ONE}/approval", "ApproveAdjustment", "Another person agrees"),
    Write(f"{ONE}/rejection", "RejectAdjustment", "Another person does not"),
    Write("/wallets/{wallet_id}/treasury", "BookTreasury", "Book what treasury did"),
)
