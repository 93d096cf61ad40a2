"""Shape: what a command must look like, whatever the state.

Owns: fields, currencies, amounts, the caller's clock; the first thing wrong is the reason.
Never: looks at a wallet.
"""

from __future__ import annotations

from typing import Final

from ops.auditor import families, life, schedules
from ops.auditor.answer import Refused
from ops.auditor.fields import check_id, check_origin, check_text
from ops.auditor.money import check_amount, fee, rates
from schemas.messages.commands import (
    CaptureHold,
    ChangeWalletStatus,
    Command,
    CreateSchedule,
    OpenWallet,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
    WalletCommand,
)
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import FeeFlow, RejectionReason
from schemas.values import WALLET_ID

MINUTE_US: Final = 60_000_000
DAY_US: Final = 1_440 * MINUTE_US
CURRENCIES_MAX: Final = 16
HOLD_DAYS_MAX: Final = 366


def check_shape(policy: Policy, command: WalletCommand, at: int) -> None:
    """Refuse a command that no state could make right."""
    _check_body(policy, command.wallet_id, command.body)
    if isinstance(command.body, CreateSchedule):
        schedules.check_creation(policy, command, command.body, at)
    if command.origin is not None:
        check_origin(command.origin)
    if command.issued_at - at > 5 * MINUTE_US:
        raise Refused(RejectionReason.ISSUED_IN_FUTURE)
    if at - command.issued_at > 34 * DAY_US:
        raise Refused(RejectionReason.STALE_COMMAND)


def _check_body(policy: Policy, wallet_id: str, body: Command) -> None:
    if isinstance(body, (Transfer, PlaceHold)):
        _check_payment(policy, wallet_id, body)
    elif isinstance(body, TopUp):
        _check_top_up(policy, body)
    elif isinstance(body, OpenWallet):
        _check_opening(policy, body)
    elif isinstance(body, (CaptureHold, VoidHold)):
        check_id(body.hold_id)
        if isinstance(body, CaptureHold) and body.amount <= 0:
            raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    elif isinstance(body, ChangeWalletStatus):
        life.check_shape(body)
    elif isinstance(body, ResolveReview):
        check_id(body.review_id)
        check_id(body.reviewer)
    else:
        families.check_shape(policy, wallet_id, body)


def _check_payment(policy: Policy, wallet_id: str, body: Transfer | PlaceHold) -> None:
    if not WALLET_ID.fullmatch(body.to_wallet_id):
        raise Refused(RejectionReason.MALFORMED_FIELD)
    if isinstance(body, PlaceHold):
        if body.ttl_s is not None and not 0 <= body.ttl_s <= HOLD_DAYS_MAX * 86_400:
            raise Refused(RejectionReason.MALFORMED_FIELD)
        check_amount(policy, body.currency, body.amount, None)
    else:
        check_amount(policy, body.currency, body.amount, FeeFlow.TRANSFER)
    if body.to_wallet_id == wallet_id:
        raise Refused(RejectionReason.SELF_TRANSFER)


def _check_top_up(policy: Policy, body: TopUp) -> None:
    check_id(body.rail)
    check_text(body.ext_ref)
    check_amount(policy, body.currency, body.amount, None)
    if fee(policy, FeeFlow.TOPUP_CARD, body.amount) >= body.amount:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)


def _check_opening(policy: Policy, body: OpenWallet) -> None:
    codes = body.currencies
    if not 1 <= len(codes) <= CURRENCIES_MAX or len(set(codes)) < len(codes):
        raise Refused(RejectionReason.MALFORMED_FIELD)
    for code in codes:
        if code not in rates(policy):
            raise Refused(RejectionReason.UNKNOWN_CURRENCY, code)
