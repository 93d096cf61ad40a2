"""Guards of sales: a merchant's terms, and paying a merchant.

Owns: shape, state and status of SetMerchantTerms and Pay.
Never: asks the merchant; its own partition does, and takes the money whatever it finds.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.documents import BASIS_POINTS_MAX, SECONDS_MAX
from ledger.guards.fields import malformed, money, self_transfer, text
from ledger.guards.unused import unused
from ledger.rails import BANK_OUT
from ledger.refusal import Refusal
from ledger.standing import debit_refusal
from schemas.messages.commands import Pay, SetMerchantTerms
from schemas.messages.vocabulary import PayoutPlan, RejectionReason, WalletKind, WalletStatus
from schemas.values import WALLET_ID

COMMANDS: Final = (SetMerchantTerms, Pay)


def shape(case: Case, body: SetMerchantTerms | Pay) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, SetMerchantTerms):
        return _terms(body)
    if WALLET_ID.fullmatch(body.to_wallet_id) is None:
        return malformed("to_wallet_id")
    return (
        text(body.order_ref, "order_ref")
        or money(case.moment.programme, body.currency, body.amount, None)
        or self_transfer(case.wallet_id, body.to_wallet_id)
    )


def state(case: Case, body: SetMerchantTerms | Pay) -> Refusal | None:
    """Refuse terms for somebody who is no merchant, and an id whose movement is still open."""
    if isinstance(body, SetMerchantTerms):
        return no_merchant(case)
    return unused(case)


def status(case: Case, body: SetMerchantTerms | Pay) -> Refusal | None:
    """Refuse what the wallet's status does not allow."""
    if isinstance(body, SetMerchantTerms):
        return closed(case)
    return debit_refusal(case, body.currency)


def no_merchant(case: Case) -> Refusal | None:
    """Refuse a wallet that is no merchant's."""
    if case.owner().kind is WalletKind.MERCHANT:
        return None
    return Refusal(RejectionReason.INVALID_TRANSITION, "kind")


def closed(case: Case) -> Refusal | None:
    """Refuse a wallet that is closed."""
    if case.owner().status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, WalletStatus.CLOSED.name)
    return None


def _terms(body: SetMerchantTerms) -> Refusal | None:
    if not 0 <= body.mdr_bp <= BASIS_POINTS_MAX:
        return malformed("mdr_bp")
    if body.mdr_fixed_minor < 0:
        return malformed("mdr_fixed_minor")
    if not 0 <= body.reserve_bp <= BASIS_POINTS_MAX:
        return malformed("reserve_bp")
    if not 0 < body.mature_after_s <= SECONDS_MAX:
        return malformed("mature_after_s")
    if body.reserve_for_s != 0 and not body.mature_after_s <= body.reserve_for_s <= SECONDS_MAX:
        return malformed("reserve_for_s")
    return _plan(body)


def _plan(body: SetMerchantTerms) -> Refusal | None:
    """Refuse payouts without a rail, and a rail without payouts."""
    by_hand = body.payout_plan is PayoutPlan.BY_HAND
    fits = body.payout_rail == "" if by_hand else body.payout_rail in BANK_OUT
    return None if fits else malformed("payout_rail")
