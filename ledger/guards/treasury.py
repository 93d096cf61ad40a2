"""Treasury: guards of what happens at our banks, of balances brought over, of suspense.

Owns: which commands a treasury wallet takes, and that it takes no other; references used once.
Never: money, limits.

A treasury wallet has no accounts of its own: it is the aggregate on whose partition the bank
accounts lie. So a customer's command about it is refused UNKNOWN_ACCOUNT, and its own commands are
refused so for any other wallet.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, malformed, money, self_transfer, text
from ledger.guards.used import transaction_in_use
from ledger.programme import Programme
from ledger.refusal import Refusal
from ledger.standing import credit_refusal
from ledger.treasury import OPENING, RAILS, RECEIPT, STEPS
from ledger.wallet_status import currency_refusal
from schemas.messages.commands import (
    AllocateSale,
    AllocateSuspense,
    BookTreasury,
    ChangeTier,
    ChangeWalletStatus,
    Command,
    MigrateBalance,
)
from schemas.messages.vocabulary import RejectionReason, WalletKind, WalletStatus
from schemas.values import WALLET_ID

COMMANDS: Final = (MigrateBalance, BookTreasury, AllocateSuspense)
OF_A_TREASURY: Final = (
    *(BookTreasury, AllocateSuspense, AllocateSale),
    *(ChangeWalletStatus, ChangeTier),
)


def account_refusal(body: Command) -> Refusal | None:
    """Refuse a command that needs accounts which a treasury wallet does not have."""
    if isinstance(body, OF_A_TREASURY):
        return None
    return Refusal(RejectionReason.UNKNOWN_ACCOUNT, WalletKind.TREASURY.name)


def shape(case: Case, body: Command) -> Refusal | None:
    """Refuse malformed fields, and fields that a step does not have."""
    programme = case.moment.programme
    if isinstance(body, BookTreasury):
        return (
            text(body.ext_ref, "ext_ref")
            or _places(body)
            or money(programme, body.currency, body.amount, None)
            or _cost(body)
            or _other(programme, body)
        )
    if isinstance(body, AllocateSuspense):
        if WALLET_ID.fullmatch(body.to_wallet_id) is None:
            return malformed("to_wallet_id")
        return (
            text(body.ext_ref, "ext_ref")
            or money(programme, body.currency, body.amount, None)
            or self_transfer(case.wallet_id, body.to_wallet_id)
        )
    assert isinstance(body, MigrateBalance)
    return text(body.ext_ref, "ext_ref") or money(programme, body.currency, body.amount, None)


def _places(body: BookTreasury) -> Refusal | None:
    step = STEPS[body.flow]
    for given, needed, field in (
        (body.account, step.account, "account"),
        (body.rail, step.rail, "rail"),
    ):
        if (given is not None) is not needed:
            return malformed(field)
        refusal = None if given is None else id_refusal(given, field)
        if refusal is not None:
            return refusal
    return None


def _cost(body: BookTreasury) -> Refusal | None:
    if body.cost is None:
        return None  # a step that has a cost may have none this time
    inside = STEPS[body.flow].cost and 0 <= body.cost < body.amount
    return None if inside else malformed("cost")


def _other(programme: Programme, body: BookTreasury) -> Refusal | None:
    currency, amount = body.other_currency, body.other_amount
    if not STEPS[body.flow].other:
        if currency is None and amount is None:
            return None
        return malformed("other_currency" if currency is not None else "other_amount")
    if currency is None or currency == body.currency:
        return malformed("other_currency")
    return malformed("other_amount") if amount is None else money(programme, currency, amount, None)


def state(case: Case, body: Command) -> Refusal | None:
    """Refuse another wallet's command, an unknown rail, a used reference or id."""
    view = case.moment.view
    if isinstance(body, MigrateBalance):
        return _reference(case, OPENING, body.ext_ref)
    if case.owner().kind is not WalletKind.TREASURY:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, case.owner().kind.name)
    if isinstance(body, BookTreasury):
        step = STEPS[body.flow]
        if body.rail is not None and not step.biller and body.rail not in RAILS:
            return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.rail)
        return _reference(case, step.flow, body.ext_ref) or transaction_in_use(case)
    assert isinstance(body, AllocateSuspense)
    used = view.external_refs.get((STEPS[RECEIPT].flow, body.ext_ref))
    if used is None or used.wallet_id != case.wallet_id:
        return Refusal(RejectionReason.INVALID_TRANSITION, "ext_ref")
    return transaction_in_use(case)


def _reference(case: Case, scope: str, ext_ref: str) -> Refusal | None:
    if case.moment.view.external_refs.get((scope, ext_ref)) is None:
        return None
    return Refusal(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")


def status(case: Case, body: Command) -> Refusal | None:
    """Refuse what the wallet's status, blocks and currencies do not allow.

    What happened at a bank is booked whatever is frozen; suspense does not leave a frozen wallet.
    """
    owner = case.owner()
    if isinstance(body, MigrateBalance):
        return credit_refusal(case.moment.view, case.wallet_id, owner, body.currency)
    assert isinstance(body, (BookTreasury, AllocateSuspense))
    if owner.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, owner.status.name)
    if isinstance(body, AllocateSuspense) and owner.debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return currency_refusal(owner, body.currency)
