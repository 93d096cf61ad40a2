"""Roles: who may do what at this door, in one table.

Owns: the roles, which of them each command and each read is for, and what of it is dangerous.
Never: an exception for one route; what no table has, nobody may do.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a key is for."""

    PRODUCER = "producer"  # sends its customers' commands and what rails report
    ANALYST = "analyst"  # reads
    OPERATOR = "operator"  # looks after wallets: status, reviews, disputes, adjustments
    AUDITOR = "auditor"  # reads
    ADMIN = "admin"  # everything


EVERYBODY: Final = frozenset(Role)
SENDERS: Final = frozenset({Role.PRODUCER, Role.OPERATOR, Role.ADMIN})
STAFF: Final = frozenset({Role.OPERATOR, Role.ADMIN})
PRODUCERS: Final = frozenset({Role.PRODUCER, Role.ADMIN})

_OF_CUSTOMERS: Final = (
    *("OpenWallet", "TopUp", "Transfer", "BulkTransfer", "SendToAlias", "AcceptClaim"),
    *("CancelClaim", "PlaceHold", "CaptureHold", "VoidHold", "IncrementHold", "ExtendHold"),
    *("FundEscrow", "ReleaseEscrow", "RefundEscrow", "PayBill", "RequestMoney", "CancelRequest"),
    *("PayRequest", "MoveToPot", "MoveFromPot", "Withdraw", "CancelWithdrawal", "Convert", "Pay"),
    *("RefundPayment", "OpenDispute", "SubmitEvidence", "WithdrawDispute", "CreateSchedule"),
    *("CancelSchedule", "PauseSchedule", "ResumeSchedule"),
)
_OF_RAILS: Final = (
    *("SubmitBankTopUp", "ClearTopUp", "ReturnTopUp", "SubmitWithdrawal", "ReturnWithdrawal"),
    *("SettleTransaction", "RejectBill", "FreezePayout", "SubmitPayout", "CancelPayout"),
    *("ReturnPayout", "AdviseChargeback", "CompleteSchedule", "AllocateSale"),
)
_OF_STAFF: Final = (
    *("ChangeWalletStatus", "ChangeTier", "ChangeCreditLimit", "ResolveReview"),
    *("ResolveDispute", "ResolveChargeback", "ProposeAdjustment", "ApproveAdjustment"),
    *("RejectAdjustment", "BookTreasury", "AllocateSuspense", "MigrateBalance", "SweepResidual"),
    *("SetMerchantTerms", "ReleaseReserve", "AccrueInterest", "PayInterest"),
)
# A producer that could freeze, review or adjust would be its own auditor.
COMMANDS: Final = {
    **dict.fromkeys(_OF_CUSTOMERS, SENDERS),
    **dict.fromkeys(_OF_RAILS, PRODUCERS),
    **dict.fromkeys(_OF_STAFF, STAFF),
}
READS: Final = {
    "read-wallet": EVERYBODY,
    "read-balances": EVERYBODY,
    "read-command": EVERYBODY,
    "list-holds": EVERYBODY,
    "list-transactions": EVERYBODY,
    "list-steps": EVERYBODY,
    "list-entries": EVERYBODY,
    "list-history": EVERYBODY,
}
# Of their commands, those that move money by hand, or stop it: with a second factor only.
DANGEROUS: Final = frozenset(
    {
        *("ChangeWalletStatus", "ChangeCreditLimit", "ProposeAdjustment", "ApproveAdjustment"),
        *("BookTreasury", "AllocateSuspense", "MigrateBalance", "SweepResidual"),
        *("SetMerchantTerms", "ReleaseReserve"),
    }
)
# Signing in and out.
DESK: Final = {"open-session": STAFF, "end-session": STAFF}
# Who says a command is named by the key that sent it: nobody signs with another's name.
SIGNED: Final = ("maker", "checker", "reviewer")
