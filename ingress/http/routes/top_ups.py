"""Top-ups: by card at once, by bank when it cleared; charged back or returned.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

BANK: Final = "/wallets/{wallet_id}/bank-top-ups"
WRITES: Final = (
    Write("/wallets/{wallet_id}/top-ups", "TopUp", "Put money in by card"),
    Write(BANK, "SubmitBankTopUp", "Announce money that a bank will bring"),
    Write(f"{BANK}/{{transaction_id}}/clearing", "ClearTopUp", "It came"),
    Write(f"{BANK}/{{transaction_id}}/return", "ReturnTopUp", "It did not come, or went back"),
    Write("/wallets/{wallet_id}/chargebacks", "AdviseChargeback", "A card's owner disputes"),
    Write(
        "/wallets/{wallet_id}/chargebacks/{chargeback_id}/resolution",
        "ResolveChargeback",
        "Won or lost",
    ),
    Write(
        "/wallets/{wallet_id}/settlements/{transaction_id}",
        "SettleTransaction",
        "A rail's statement has it",
    ),
    Write("/wallets/{wallet_id}/suspense", "AllocateSuspense", "Give unassigned money its owner"),
)
