"""Merchants: what their payments are called, what was agreed with them, what they owe.

Owns: the name of a payment at its merchant, terms and debts as they stand, and how a refund and a
dispute enter a merchant's history.
Never: any other event.
"""

from __future__ import annotations

from ledger import debts
from ledger.case import Moment
from ledger.chart import INT64_MAX, MERCHANT_DEBT
from schemas.messages.events import MerchantGaveBack
from schemas.messages.rows import MerchantTermsRow
from schemas.messages.vocabulary import WalletKind


def payment_id(payer: str, command_id: str) -> str:
    """Name a payment at its merchant; no id has a slash, so that no two have one name."""
    return f"{payer}/{command_id}"


def is_merchant(moment: Moment, wallet_id: str) -> bool:
    """Tell whether a wallet that lives here is a merchant's."""
    row = moment.view.wallets.get(wallet_id)
    return row is not None and row.kind is WalletKind.MERCHANT


def terms_of(moment: Moment, merchant: str) -> MerchantTermsRow:
    """Return what was agreed with a merchant, or the policy's own terms."""
    agreed = moment.view.merchant_terms.get(merchant)
    if agreed is not None:
        return agreed
    policy = moment.programme.policy
    return MerchantTermsRow(
        policy.merchant_mdr_bp,
        policy.merchant_mdr_fixed_minor,
        policy.merchant_reserve_bp,
        policy.merchant_mature_after_s,
        policy.merchant_fee_back,
        reserve_for_s=policy.merchant_reserve_for_s,
    )


def debt_of(moment: Moment, merchant: str, currency: str) -> int:
    """Return what a merchant owes us."""
    return debts.debt_of(moment.view, merchant, currency, MERCHANT_DEBT)


def gave_back(moment: Moment, merchant: str, currency: str, amount: int) -> MerchantGaveBack:
    """Return what a refund leaves in a merchant's history; of 0, what a dispute does."""
    programme = moment.programme
    back = min(programme.base(currency, amount), INT64_MAX)
    return MerchantGaveBack(merchant, programme.calendar.day(moment.at), back)
