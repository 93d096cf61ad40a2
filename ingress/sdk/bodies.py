"""Bodies: which fields each command has, and what each of them holds.

Owns: one table of commands and their fields, in the order of the schema.
Never: checks a value (`fields.py`); knows limits, balances or states.

A command added to the vocabulary gets an entry in `_FIELDS`; a contract test compares the table
with the Avro files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from types import MappingProxyType
from typing import Final

from schemas.messages import commands as messages
from schemas.messages import vocabulary as words


class Kind(Enum):
    """What a field holds."""

    ID = auto()  # wallet, command or person
    PAYMENT = auto()  # payer's wallet id, a slash, id of the command that paid
    TEXT = auto()  # 1 to 64 characters
    CURRENCY = auto()
    CURRENCIES = auto()
    AMOUNT = auto()  # minor units, above 0
    LIMIT = auto()  # minor units, from 0
    SECONDS = auto()
    NUMBER = auto()  # from 1
    FLAG = auto()
    COUNT = auto()  # from 0
    SYMBOL = auto()
    ITEMS = auto()  # transfers of a bulk


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a command; an optional one may be left out."""

    name: str
    kind: Kind
    symbols: type[StrEnum] | None = None
    optional: bool = False
    currency: str = "currency"  # of AMOUNT and LIMIT: the field that says in which


@dataclass(frozen=True, slots=True)
class BodySpec:
    """One kind of command: its message class and fields, in the order of the constructor."""

    message: type[messages.Command]
    fields: tuple[FieldSpec, ...]


_TO_WALLET: Final = FieldSpec("to_wallet_id", Kind.ID)
_CURRENCY: Final = FieldSpec("currency", Kind.CURRENCY)
_AMOUNT: Final = FieldSpec("amount", Kind.AMOUNT)
_PERIOD: Final = FieldSpec("period", Kind.TEXT)
_VERDICT: Final = (FieldSpec("adjustment_id", Kind.ID), FieldSpec("checker", Kind.ID))
_HOLD: Final = FieldSpec("hold_id", Kind.ID)
_ESCROW: Final = FieldSpec("escrow_id", Kind.ID)
_CLAIM: Final = FieldSpec("claim_id", Kind.ID)
_REQUEST: Final = FieldSpec("request_id", Kind.ID)
_POT: Final = FieldSpec("pot", Kind.NUMBER)
_PAYMENT: Final = FieldSpec("payment_id", Kind.PAYMENT)
_DISPUTE: Final = FieldSpec("dispute_id", Kind.ID)
_TIER: Final = FieldSpec("tier", Kind.SYMBOL, words.Tier)
_RAIL: Final = FieldSpec("rail", Kind.TEXT)
_EXT_REF: Final = FieldSpec("ext_ref", Kind.TEXT)
_TRANSACTION: Final = FieldSpec("transaction_id", Kind.ID)
_SCHEDULE: Final = FieldSpec("schedule_id", Kind.ID)
_WHY: Final = FieldSpec("reason", Kind.TEXT, optional=True)
_REASON: Final = FieldSpec("reason_code", Kind.TEXT)
_FIELDS: Final[Mapping[type[messages.Command], tuple[FieldSpec, ...]]] = {
    messages.OpenWallet: (
        FieldSpec("kind", Kind.SYMBOL, words.WalletKind),
        _TIER,
        FieldSpec("currencies", Kind.CURRENCIES),
    ),
    messages.ChangeWalletStatus: (
        FieldSpec("action", Kind.SYMBOL, words.StatusAction),
        FieldSpec("authority", Kind.SYMBOL, words.Authority),
        FieldSpec("ttl_s", Kind.SECONDS, optional=True),
    ),
    messages.ChangeTier: (_TIER,),
    messages.TopUp: (_CURRENCY, _AMOUNT, _RAIL, _EXT_REF),
    messages.Transfer: (_TO_WALLET, _CURRENCY, _AMOUNT),
    messages.PlaceHold: (
        _TO_WALLET,
        _CURRENCY,
        _AMOUNT,
        FieldSpec("ttl_s", Kind.SECONDS, optional=True),
    ),
    messages.CaptureHold: (_HOLD, _AMOUNT, FieldSpec("keep_open", Kind.FLAG, optional=True)),
    messages.VoidHold: (_HOLD,),
    messages.ResolveReview: (
        FieldSpec("review_id", Kind.ID),
        FieldSpec("verdict", Kind.SYMBOL, words.ReviewVerdict),
        FieldSpec("reviewer", Kind.ID),
    ),
    messages.IncrementHold: (_HOLD, _AMOUNT),
    messages.ExtendHold: (_HOLD, FieldSpec("ttl_s", Kind.SECONDS)),
    messages.FundEscrow: (
        FieldSpec("seller_wallet_id", Kind.ID),
        _CURRENCY,
        _AMOUNT,
        FieldSpec("ttl_s", Kind.SECONDS, optional=True),
    ),
    messages.ReleaseEscrow: (_ESCROW, _AMOUNT),
    messages.RefundEscrow: (_ESCROW,),
    messages.SendToAlias: (FieldSpec("alias_hash", Kind.TEXT), _CURRENCY, _AMOUNT),
    messages.AcceptClaim: (_CLAIM, _TO_WALLET),
    messages.CancelClaim: (_CLAIM,),
    messages.PayBill: (
        FieldSpec("biller", Kind.TEXT),
        _CURRENCY,
        _AMOUNT,
        FieldSpec("bill_ref", Kind.TEXT),
    ),
    messages.RejectBill: (
        FieldSpec("transaction_id", Kind.ID),
        FieldSpec("reason_code", Kind.TEXT),
    ),
    messages.RequestMoney: (
        FieldSpec("payer_wallet_id", Kind.ID),
        _CURRENCY,
        _AMOUNT,
        FieldSpec("ttl_s", Kind.SECONDS),
    ),
    messages.CancelRequest: (_REQUEST,),
    messages.PayRequest: (
        FieldSpec("requester_wallet_id", Kind.ID),
        _REQUEST,
        _CURRENCY,
        _AMOUNT,
    ),
    messages.MoveToPot: (_POT, _CURRENCY, _AMOUNT),
    messages.MoveFromPot: (_POT, _CURRENCY, _AMOUNT),
    messages.SubmitBankTopUp: (_CURRENCY, _AMOUNT, _RAIL, _EXT_REF),
    messages.ClearTopUp: (_TRANSACTION, _AMOUNT),
    messages.ReturnTopUp: (_TRANSACTION, _REASON),
    messages.Withdraw: (_CURRENCY, _AMOUNT, _RAIL, FieldSpec("beneficiary", Kind.TEXT)),
    messages.SubmitWithdrawal: (_TRANSACTION, _EXT_REF),
    messages.CancelWithdrawal: (_TRANSACTION,),
    messages.ReturnWithdrawal: (_TRANSACTION, _REASON),
    messages.SettleTransaction: (_TRANSACTION, _EXT_REF),
    messages.AdviseChargeback: (_RAIL, _EXT_REF, _AMOUNT),
    messages.ResolveChargeback: (
        FieldSpec("chargeback_id", Kind.ID),
        FieldSpec("won", Kind.FLAG),
    ),
    messages.MigrateBalance: (_CURRENCY, _AMOUNT, _EXT_REF),
    messages.BookTreasury: (
        FieldSpec("flow", Kind.SYMBOL, words.TreasuryFlow),
        _CURRENCY,
        _AMOUNT,
        _EXT_REF,
        FieldSpec("account", Kind.ID, optional=True),
        FieldSpec("rail", Kind.ID, optional=True),
        FieldSpec("cost", Kind.AMOUNT, optional=True),
        FieldSpec("other_currency", Kind.CURRENCY, optional=True),
        FieldSpec("other_amount", Kind.AMOUNT, optional=True, currency="other_currency"),
    ),
    messages.AllocateSuspense: (_EXT_REF, _TO_WALLET, _CURRENCY, _AMOUNT),
    messages.ProposeAdjustment: (
        FieldSpec("account", Kind.TEXT),
        _CURRENCY,
        _AMOUNT,
        FieldSpec("direction", Kind.SYMBOL, words.AdjustmentDirection),
        FieldSpec("reason", Kind.TEXT),
        FieldSpec("ticket", Kind.TEXT),
        FieldSpec("maker", Kind.ID),
        FieldSpec("corrects", Kind.ID, optional=True),
    ),
    messages.ApproveAdjustment: _VERDICT,
    messages.RejectAdjustment: _VERDICT,
    messages.Convert: (
        FieldSpec("from_currency", Kind.CURRENCY),
        FieldSpec("to_currency", Kind.CURRENCY),
        FieldSpec("sell_amount", Kind.AMOUNT, currency="from_currency"),
        FieldSpec("buy_amount", Kind.AMOUNT, currency="to_currency"),
        FieldSpec("mid_e9", Kind.SECONDS),
        FieldSpec("quote_id", Kind.ID),
        FieldSpec("quote_expires_at", Kind.SECONDS),
    ),
    messages.AccrueInterest: (_CURRENCY, _AMOUNT, _PERIOD),
    messages.PayInterest: (_CURRENCY, _AMOUNT, _PERIOD),
    messages.SweepResidual: (_CURRENCY, FieldSpec("authority", Kind.SYMBOL, words.Authority)),
    messages.SetMerchantTerms: (
        FieldSpec("mdr_bp", Kind.COUNT),
        FieldSpec("mdr_fixed_minor", Kind.COUNT),
        FieldSpec("reserve_bp", Kind.COUNT),
        FieldSpec("mature_after_s", Kind.SECONDS),
        FieldSpec("fee_back", Kind.SYMBOL, words.FeeBack),
        FieldSpec("payout_plan", Kind.SYMBOL, words.PayoutPlan, optional=True),
        FieldSpec("payout_rail", Kind.TEXT, optional=True),
        FieldSpec("reserve_for_s", Kind.SECONDS, optional=True),
    ),
    messages.Pay: (_TO_WALLET, _CURRENCY, _AMOUNT, FieldSpec("order_ref", Kind.TEXT)),
    messages.RefundPayment: (_PAYMENT, _AMOUNT),
    messages.FreezePayout: (_CURRENCY,),
    messages.SubmitPayout: (
        _TRANSACTION,
        FieldSpec("rail", Kind.ID),
        FieldSpec("ext_ref", Kind.TEXT),
    ),
    messages.CancelPayout: (_TRANSACTION,),
    messages.ReturnPayout: (_TRANSACTION, FieldSpec("reason_code", Kind.TEXT)),
    messages.OpenDispute: (_PAYMENT, _AMOUNT, FieldSpec("evidence_ref", Kind.TEXT)),
    messages.ResolveDispute: (_DISPUTE, FieldSpec("to_buyer", Kind.AMOUNT, optional=True)),
    messages.WithdrawDispute: (_DISPUTE,),
    messages.ChangeCreditLimit: (_CURRENCY, FieldSpec("limit", Kind.LIMIT)),
    messages.ReleaseReserve: (_PAYMENT,),
    messages.AllocateSale: (_PAYMENT, FieldSpec("sequence", Kind.SECONDS), _TO_WALLET),
    messages.SubmitEvidence: (
        _DISPUTE,
        FieldSpec("evidence_ref", Kind.ID),
        FieldSpec("digest", Kind.TEXT),
    ),
    messages.BulkTransfer: (FieldSpec("items", Kind.ITEMS),),
    messages.CreateSchedule: (
        FieldSpec("kind", Kind.SYMBOL, words.ScheduledKind),
        FieldSpec("payee", Kind.TEXT),
        _CURRENCY,
        _AMOUNT,
        FieldSpec("first_at", Kind.SECONDS),
        FieldSpec("recurrence", Kind.SYMBOL, words.Recurrence),
        FieldSpec("every", Kind.NUMBER, optional=True),
        FieldSpec("reference", Kind.TEXT, optional=True),
        FieldSpec("count", Kind.COUNT, optional=True),
        FieldSpec("until", Kind.SECONDS, optional=True),
        FieldSpec("stop_after", Kind.COUNT, optional=True),
    ),
    messages.CancelSchedule: (_SCHEDULE, _WHY),
    messages.PauseSchedule: (_SCHEDULE, _WHY),
    messages.ResumeSchedule: (_SCHEDULE,),
    messages.CompleteSchedule: (_SCHEDULE,),
}
BODIES: Final[Mapping[str, BodySpec]] = MappingProxyType(
    {kind.__name__: BodySpec(kind, fields) for kind, fields in _FIELDS.items()}
)
