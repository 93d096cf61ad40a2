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
    "MigrateBalance": ("currency", "amount", "ext_ref"),
    "BookTreasury": (
        *("flow", "currency", "amount", "ext_ref", "account", "rail", "cost"),
        *("other_currency", "other_amount"),
    ),
    "AllocateSuspense": ("ext_ref", "to_wallet_id", "currency", "amount"),
    "ProposeAdjustment": (
        *("account", "currency", "amount", "direction", "reason", "ticket", "maker", "corrects"),
    ),
    "ApproveAdjustment": ("adjustment_id", "checker"),
    "RejectAdjustment": ("adjustment_id", "checker"),
    "Convert": (
        *("from_currency", "to_currency", "sell_amount", "buy_amount", "mid_e9"),
        *("quote_id", "quote_expires_at"),
    ),
    "AccrueInterest": ("currency", "amount", "period"),
    "PayInterest": ("currency", "amount", "period"),
    "SweepResidual": ("currency", "authority"),
}
