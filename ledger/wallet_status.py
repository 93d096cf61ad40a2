"""Wallet status: the life of a wallet, and what each status lets in and out.

Owns: the transition table and the questions may it pay, may it be paid, may it move its own money.
Never: writes the row.

Choices where the table of the domain is silent: tier UNVERIFIED is PENDING_KYC unless frozen or
closed; freezing again adds to what is blocked; UNFREEZE lifts both blocks; a wallet whose debits
are blocked cannot be closed. A hold may be captured unless both sides are blocked.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.refusal import Refusal
from schemas.messages.rows import WalletRow
from schemas.messages.vocabulary import RejectionReason, StatusAction, Tier, WalletStatus

FREEZES: Final = frozenset(
    {StatusAction.FREEZE_DEBIT, StatusAction.FREEZE_CREDIT, StatusAction.FREEZE_BOTH}
)
# (status, freeze, unfreeze or close) -> status after; ACTIVE stands for the tier's own status.
TRANSITIONS: Final[Mapping[tuple[WalletStatus, StatusAction], WalletStatus]] = MappingProxyType(
    {
        **{
            (status, action): WalletStatus.FROZEN
            for status in (WalletStatus.PENDING_KYC, WalletStatus.ACTIVE, WalletStatus.FROZEN)
            for action in FREEZES
        },
        (WalletStatus.FROZEN, StatusAction.UNFREEZE): WalletStatus.ACTIVE,
        (WalletStatus.PENDING_KYC, StatusAction.CLOSE): WalletStatus.CLOSED,
        (WalletStatus.ACTIVE, StatusAction.CLOSE): WalletStatus.CLOSED,
        (WalletStatus.FROZEN, StatusAction.CLOSE): WalletStatus.CLOSED,
    }
)


def transition_refusal(row: WalletRow, action: StatusAction) -> Refusal | None:
    """Refuse a change that the table does not list, or a close with something left open."""
    if (row.status, action) not in TRANSITIONS:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.status.name)
    left = left_open(row) if action is StatusAction.CLOSE else None
    return None if left is None else Refusal(RejectionReason.INVALID_TRANSITION, left)


def left_open(row: WalletRow) -> str | None:
    """Name what keeps a wallet from being closed."""
    if row.debit_blocked:
        return "debit_blocked"
    if row.active_holds > 0:
        return "holds"
    if row.open_movements > 0:
        return "movements"
    return "balance" if any(each.minor != 0 for each in row.balances) else None


def status_after(row: WalletRow, action: StatusAction) -> WalletStatus:
    """Return the status after a change that the table allows."""
    after = TRANSITIONS[row.status, action]
    return status_of_tier(row.tier) if after is WalletStatus.ACTIVE else after


def status_of_tier(tier: Tier) -> WalletStatus:
    """Return the status of a wallet that is neither frozen nor closed."""
    return WalletStatus.PENDING_KYC if tier is Tier.UNVERIFIED else WalletStatus.ACTIVE


def debit_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse to take money out of a wallet."""
    if row.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, row.status.name)
    if row.debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    own = status_of_tier(row.tier)  # a freeze of credits only hides it, and lets nothing more out
    if own is WalletStatus.PENDING_KYC:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, own.name)
    return currency_refusal(row, currency)


def credit_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse to put money into a wallet."""
    if row.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, row.status.name)
    if row.credit_blocked:
        return Refusal(RejectionReason.CREDIT_BLOCKED)
    return currency_refusal(row, currency)


def handover_refusal(row: WalletRow) -> Refusal | None:
    """Refuse to hand over money that already left W.AVL: only a freeze of both sides stops it."""
    if row.debit_blocked and row.credit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return None


def inside_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse its owner to move money inside a wallet."""
    if row.status is WalletStatus.CLOSED:
        return Refusal(RejectionReason.WALLET_NOT_ACTIVE, row.status.name)
    if row.debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return currency_refusal(row, currency)


def currency_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse a currency that the wallet does not hold."""
    if currency not in row.currencies:
        return Refusal(RejectionReason.CURRENCY_NOT_HELD, currency)
    return None
