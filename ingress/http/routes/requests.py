"""Requests: asking another wallet for money.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

ONE: Final = "/wallets/{wallet_id}/requests/{request_id}"
WRITES: Final = (
    Write("/wallets/{wallet_id}/requests", "RequestMoney", "Ask a wallet for money"),
    Write(f"{ONE}/cancellation", "CancelRequest", "Stop asking"),
    Write(f"{ONE}/payment", "PayRequest", "Pay what another wallet asked for"),
)
