"""Content: the fields of each command's body, in schema order.

Owns: the order in which field checks are made (`streams/wallet/identity.py`) and compared
(`ledger.guards.arrival`). A test holds it against the schema.
Never: looks into a command.
"""

from __future__ import annotations

from typing import Final

CONTENT_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "OpenWallet": ("kind", "tier", "currencies"),
    "ChangeWalletStatus": ("action", "authority"),
    "ChangeTier": ("tier",),
    "TopUp": ("currency", "amount", "rail", "ext_ref"),
    "Transfer": ("to_wallet_id", "currency", "amount"),
    "PlaceHold": ("to_wallet_id", "currency", "amount", "ttl_s"),
    "CaptureHold": ("hold_id", "amount", "keep_open"),
    "VoidHold": ("hold_id",),
    "ResolveReview": ("review_id", "verdict", "reviewer"),
    "SubmitBankTopUp": ("currency", "amount", "rail", "ext_ref"),
    "ClearTopUp": ("transaction_id", "amount"),
    "ReturnTopUp": ("transaction_id", "reason_code"),
    "Withdraw": ("currency", "amount", "rail", "beneficiary"),
    "SubmitWithdrawal": ("transaction_id", "ext_ref"),
    "CancelWithdrawal": ("transaction_id",),
    "ReturnWithdrawal": ("transaction_id", "reason_code"),
    "SettleTransaction": ("transaction_id", "ext_ref"),
    "AdviseChargeback": ("rail", "ext_ref", "amount"),
    "ResolveChargeback": ("chargeback_id", "won"),
}
