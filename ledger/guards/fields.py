"""Fields: the checks that commands share, each naming its field.

Owns: amounts, currencies, ids and short texts.
Never: knows a command; reads a row.
"""

from __future__ import annotations

from typing import Final

from ledger.chart import INT64_MAX
from ledger.programme import Programme
from ledger.refusal import Refusal
from schemas.messages.vocabulary import FeeFlow, RejectionReason
from schemas.values import COMMAND_ID, WALLET_ID

TEXT_MAX: Final = 64
TTL_MAX_S: Final = 366 * 86_400


def malformed(field: str) -> Refusal:
    """Refuse a field."""
    return Refusal(RejectionReason.MALFORMED_FIELD, field)


def money(
    programme: Programme, currency: str, amount: int, fee_flow: FeeFlow | None
) -> Refusal | None:
    """Check a currency and an amount, which with its fee and in base currency must fit 64 bits."""
    if currency not in programme.currencies:
        return Refusal(RejectionReason.UNKNOWN_CURRENCY, currency)
    if amount <= 0:
        return Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount")
    fee = 0 if fee_flow is None else programme.fee(fee_flow, amount)
    if amount + fee > INT64_MAX or programme.base(currency, amount) > INT64_MAX:
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, "amount")
    return None


def transfer_refusal(
    programme: Programme, wallet_id: str, to_wallet_id: str, currency: str, amount: int
) -> Refusal | None:
    """Check a transfer, be it a command or one of several in one."""
    if WALLET_ID.fullmatch(to_wallet_id) is None:
        return malformed("to_wallet_id")
    refusal = money(programme, currency, amount, FeeFlow.TRANSFER)
    if refusal is not None:
        return refusal
    return self_transfer(wallet_id, to_wallet_id)


def positive(amount: int) -> Refusal | None:
    """Refuse an amount that is not above zero."""
    return None if amount > 0 else Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount")


def id_refusal(text: str, field: str) -> Refusal | None:
    """Refuse what is not an id."""
    return None if COMMAND_ID.fullmatch(text) is not None else malformed(field)


def self_transfer(wallet_id: str, to_wallet_id: str, field: str = "to_wallet_id") -> Refusal | None:
    """Refuse a movement from a wallet to itself."""
    if to_wallet_id == wallet_id:
        return Refusal(RejectionReason.SELF_TRANSFER, field)
    return None


def payment_id(text: str) -> Refusal | None:
    """Refuse what does not name a payment: its payer's wallet, a slash, the command that paid."""
    payer, slash, command_id = text.partition("/")
    if slash and WALLET_ID.fullmatch(payer) and COMMAND_ID.fullmatch(command_id):
        return None
    return malformed("payment_id")


def text(given: str, field: str) -> Refusal | None:
    """Refuse what is not 1 to 64 printable characters."""
    return None if 1 <= len(given) <= TEXT_MAX and given.isprintable() else malformed(field)


def ttl(seconds: int, field: str) -> Refusal | None:
    """Refuse a life below zero or above a year."""
    return None if 0 <= seconds <= TTL_MAX_S else malformed(field)
