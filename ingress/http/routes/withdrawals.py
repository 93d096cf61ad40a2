"""Withdrawals: money that leaves to a bank, and comes back when it cannot arrive.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

ONE: Final = "/wallets/{wallet_id}/withdrawals/{transaction_id}"
WRITES: Final = (
    Write("/wallets/{wallet_id}/withdrawals", "Withdraw", "Send money to a bank"),
    Write(f"{ONE}/submission", "SubmitWithdrawal", "The rail has it"),
    Write(f"{ONE}/cancellation", "CancelWithdrawal", "Stop it before it is submitted"),
    Write(f"{ONE}/return", "ReturnWithdrawal", "It came back"),
)
