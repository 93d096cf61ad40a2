"""Content: the fields of each command's body, in schema order.

Owns: the order in which field checks are made (`streams/wallet/identity.py`) and compared
(`ledger.guards.arrival`). A test holds it against the schema.
Never: looks into a command.
"""

from __future__ import annotations

from typing import Final

CONTENT_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "OpenWallet": ("kind", "tier", "currencies"),
    "ChangeWalletStatus": ("action", "authority", "ttl_s"),
    "ChangeTier": ("tier",),
    "TopUp": ("currency", "amount", "rail", "ext_ref"),
    "Transfer": ("to_wallet_id", "currency", "amount"),
    "PlaceHold": ("to_wallet_id", "currency", "amount", "ttl_s"),
    "CaptureHold": ("hold_id", "amount", "keep_open"),
    "VoidHold": ("hold_id",),
    "IncrementHold": ("hold_id", "amount"),
    "ExtendHold": ("hold_id", "ttl_s"),
    "ResolveReview": ("review_id", "verdict", "reviewer"),
    "FundEscrow": ("seller_wallet_id", "currency", "amount", "ttl_s"),
    "ReleaseEscrow": ("escrow_id", "amount"),
    "RefundEscrow": ("escrow_id",),
    "SendToAlias": ("alias_hash", "currency", "amount"),
    "AcceptClaim": ("claim_id", "to_wallet_id"),
    "CancelClaim": ("claim_id",),
    "PayBill": ("biller", "currency", "amount", "bill_ref"),
    "RejectBill": ("transaction_id", "reason_code"),
    "RequestMoney": ("payer_wallet_id", "currency", "amount", "ttl_s"),
    "CancelRequest": ("request_id",),
    "PayRequest": ("requester_wallet_id", "request_id", "currency", "amount"),
    "MoveToPot": ("pot", "currency", "amount"),
    "MoveFromPot": ("pot", "currency", "amount"),
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
    "SetMerchantTerms": (
        "mdr_bp",
        "mdr_fixed_minor",
        "reserve_bp",
        "mature_after_s",
        "fee_back",
        "payout_plan",
        "payout_rail",
        "reserve_for_s",
    ),
    "Pay": ("to_wallet_id", "currency", "amount", "order_ref"),
    "RefundPayment": ("payment_id", "amount"),
    "FreezePayout": ("currency",),
    "SubmitPayout": ("transaction_id", "rail", "ext_ref"),
    "CancelPayout": ("transaction_id",),
    "ReturnPayout": ("transaction_id", "reason_code"),
    "OpenDispute": ("payment_id", "amount", "evidence_ref"),
    "ResolveDispute": ("dispute_id", "to_buyer"),
    "WithdrawDispute": ("dispute_id",),
    "ChangeCreditLimit": ("currency", "limit"),
    "ReleaseReserve": ("payment_id",),
    "SubmitEvidence": ("dispute_id", "evidence_ref", "digest"),
    "AllocateSale": ("payment_id", "sequence", "to_wallet_id"),
    "BulkTransfer": ("items",),
}
