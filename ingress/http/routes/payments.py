"""Payments: to merchants and billers, and what merchants are paid out.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

PAYOUT: Final = "/wallets/{wallet_id}/payouts"
WRITES: Final = (
    Write("/wallets/{wallet_id}/payments", "Pay", "Pay a merchant"),
    Write("/wallets/{wallet_id}/bills", "PayBill", "Pay a biller"),
    Write("/wallets/{wallet_id}/bills/{transaction_id}/rejection", "RejectBill", "Not taken"),
    Write(PAYOUT, "FreezePayout", "Set apart what a merchant is paid next"),
    Write(f"{PAYOUT}/{{transaction_id}}/submission", "SubmitPayout", "The rail has it"),
    Write(f"{PAYOUT}/{{transaction_id}}/cancellation", "CancelPayout", "Stop it"),
    Write(f"{PAYOUT}/{{transaction_id}}/return", "ReturnPayout", "It came back"),
    Write("/wallets/{wallet_id}/reserve-releases", "ReleaseReserve", "Free a sale's reserve"),
    Write("/wallets/{wallet_id}/sale-allocations", "AllocateSale", "Assign a suspended sale"),
)
