"""Shape: is what the command says well-formed, whatever the state?

Owns: ids, fields, currencies, amounts, self-transfer and the caller's clock, in the order of the
reasons: MALFORMED_FIELD UNKNOWN_CURRENCY AMOUNT_NOT_POSITIVE AMOUNT_OVERFLOW SELF_TRANSFER
ISSUED_IN_FUTURE STALE_COMMAND.
Never: reads a row.
"""

from __future__ import annotations

from typing import Final

from ledger.calendar import SECOND_US
from ledger.case import Case
from ledger.guards import families
from ledger.guards.fields import (
    TTL_MAX_S,
    id_refusal,
    malformed,
    money,
    positive,
    self_transfer,
    text,
    transfer_refusal,
    ttl,
)
from ledger.programme import Programme
from ledger.refusal import Refusal
from ledger.wallet_status import FREEZES
from ledger.windows import DAY_US
from schemas.messages.commands import (
    CaptureHold,
    ChangeWalletStatus,
    Command,
    OpenWallet,
    Origin,
    PlaceHold,
    ResolveReview,
    TopUp,
    Transfer,
    VoidHold,
)
from schemas.messages.vocabulary import FeeFlow, RejectionReason
from schemas.values import COMMAND_ID, COUNTRY, MCC, WALLET_ID

AHEAD_MAX_US: Final = 300 * SECOND_US
AGE_MAX_US: Final = 34 * DAY_US
CURRENCIES_MAX: Final = 16


def check(case: Case) -> Refusal | None:
    """Refuse a malformed command; the first wrong field is named."""
    command = case.command
    if COMMAND_ID.fullmatch(command.command_id) is None:
        return malformed("command_id")
    if case.wallet is None and WALLET_ID.fullmatch(command.wallet_id) is None:
        return malformed("wallet_id")
    refusal = _body(case, command.body) or _origin(command.origin)
    if refusal is not None:
        return refusal
    at = case.moment.at
    if command.issued_at > at + AHEAD_MAX_US:
        return Refusal(RejectionReason.ISSUED_IN_FUTURE, "issued_at")
    if command.issued_at < at - AGE_MAX_US:
        return Refusal(RejectionReason.STALE_COMMAND, "issued_at")
    return None


def _origin(origin: Origin | None) -> Refusal | None:
    """An unknown part is empty; what is known is a short text, a country or a category."""
    if origin is None:
        return None
    refusal = text(origin.instrument, "origin.instrument") if origin.instrument else None
    if refusal is None and origin.device_id:
        refusal = text(origin.device_id, "origin.device_id")
    if refusal is None and origin.country and COUNTRY.fullmatch(origin.country) is None:
        refusal = malformed("origin.country")
    if refusal is None and origin.mcc and MCC.fullmatch(origin.mcc) is None:
        refusal = malformed("origin.mcc")
    return refusal


def _body(case: Case, body: Command) -> Refusal | None:
    programme = case.moment.programme
    if isinstance(body, Transfer):
        to, currency, amount = body.to_wallet_id, body.currency, body.amount
        return transfer_refusal(programme, case.wallet_id, to, currency, amount)
    if isinstance(body, TopUp):
        return _top_up(programme, body)
    if isinstance(body, PlaceHold):
        return _place_hold(programme, case.wallet_id, body)
    if isinstance(body, OpenWallet):
        return _open_wallet(programme, body)
    return _references(body) or families.shape(case, body)


def _references(body: Command) -> Refusal | None:
    """Check commands that name something which began earlier."""
    if isinstance(body, ChangeWalletStatus):
        return _status(body)
    if isinstance(body, CaptureHold):
        return id_refusal(body.hold_id, "hold_id") or positive(body.amount)
    if isinstance(body, VoidHold):
        return id_refusal(body.hold_id, "hold_id")
    if isinstance(body, ResolveReview):
        return id_refusal(body.review_id, "review_id") or id_refusal(body.reviewer, "reviewer")
    return None


def _status(body: ChangeWalletStatus) -> Refusal | None:
    """Only a freeze may end by itself."""
    if body.ttl_s != 0 and body.action not in FREEZES:
        return malformed("ttl_s")
    return ttl(body.ttl_s, "ttl_s")


def _place_hold(programme: Programme, wallet_id: str, body: PlaceHold) -> Refusal | None:
    if WALLET_ID.fullmatch(body.to_wallet_id) is None:
        return malformed("to_wallet_id")
    if body.ttl_s is not None and not 0 <= body.ttl_s <= TTL_MAX_S:
        return malformed("ttl_s")
    refusal = money(programme, body.currency, body.amount, None)
    if refusal is not None:
        return refusal
    return self_transfer(wallet_id, body.to_wallet_id)


def _top_up(programme: Programme, body: TopUp) -> Refusal | None:
    if COMMAND_ID.fullmatch(body.rail) is None:
        return malformed("rail")
    refusal = text(body.ext_ref, "ext_ref") or money(programme, body.currency, body.amount, None)
    if refusal is not None:
        return refusal
    if programme.fee(FeeFlow.TOPUP_CARD, body.amount) >= body.amount:
        return Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount after fee")
    return None


def _open_wallet(programme: Programme, body: OpenWallet) -> Refusal | None:
    currencies = body.currencies
    distinct = set(currencies)
    if not 1 <= len(currencies) <= CURRENCIES_MAX or len(distinct) != len(currencies):
        return malformed("currencies")
    for code in currencies:
        if code not in programme.currencies:
            return Refusal(RejectionReason.UNKNOWN_CURRENCY, code)
    return None
