"""Transfers: between wallets, by alias, many at once, and into pots of one's own.

Owns: its addresses.
Never: a rule: the ledger decides.
"""

from typing import Final

from ingress.http.route import Write

WRITES: Final = (
    Write("/wallets/{wallet_id}/transfers", "Transfer", "Send money to a wallet"),
    Write("/wallets/{wallet_id}/bulk-transfers", "BulkTransfer", "Send to many, all or nothing"),
    Write("/wallets/{wallet_id}/alias-transfers", "SendToAlias", "Send to whoever has an alias"),
    Write(
        "/wallets/{wallet_id}/alias-transfers/{claim_id}/acceptance",
        "AcceptClaim",
        "Give waiting money to who registered",
    ),
    Write(
        "/wallets/{wallet_id}/alias-transfers/{claim_id}/cancellation",
        "CancelClaim",
        "Take waiting money back",
    ),
    Write("/wallets/{wallet_id}/pots/{pot}/deposits", "MoveToPot", "Set money apart"),
    Write("/wallets/{wallet_id}/pots/{pot}/withdrawals", "MoveFromPot", "Take it back"),
)
