"""Wallet status: the life of a wallet, and what each status lets in and out.

Owns: the transition table and the questions may it pay, may it be paid, may money that already left
be handed over.
Never: reads or writes a row.

`own` is the status without the freeze that may lie on it (`ledger.standing`). ACTIVE is always its
own, so the questions answer it first.

Choices where the table of the domain is silent: tier UNVERIFIED is PENDING_KYC unless another
status says more; a freeze lies on any status and, lifted, leaves it as it was; freezing again adds
to what is blocked; a wallet whose debits are blocked cannot be closed, and a frozen one does not
start to. A freeze is lifted on the authority that set it, or a higher one; of two freezes the
higher one stays. A hold may be captured unless both sides are blocked, or a court blocked the
debits. Money from others to a closing or closed wallet is refused, since it goes back to whoever
sent it; refunds cannot be refused, and become unclaimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.refusal import Refusal
from schemas.messages.rows import WalletRow
from schemas.messages.vocabulary import (
    Authority,
    RejectionReason,
    StatusAction,
    Tier,
    TimerKind,
    WalletStatus,
)

FREEZES: Final = frozenset(
    {StatusAction.FREEZE_DEBIT, StatusAction.FREEZE_CREDIT, StatusAction.FREEZE_BOTH}
)
# What a wallet is in until it is frozen, restricted, forgotten or on its way out.
OF_THE_TIER: Final = (WalletStatus.PENDING_KYC, WalletStatus.ACTIVE)
# What a freeze may lie on and leave as it was.
BENEATH: Final = (
    WalletStatus.ACTIVE,
    WalletStatus.RESTRICTED,
    WalletStatus.DORMANT,
    WalletStatus.CLOSING,
)
CLOSABLE: Final = (*OF_THE_TIER, WalletStatus.RESTRICTED, WalletStatus.DORMANT)
# Who may lift a freeze: whoever set it, and everybody after.
STANDINGS: Final = (
    Authority.CUSTOMER,
    Authority.OPERATOR,
    Authority.COMPLIANCE,
    Authority.COURT,
)
Cause = StatusAction | TimerKind
# (status, what is asked or due) -> status after. ACTIVE stands for the tier's own status, and after
# a freeze for whatever it lay on.
TRANSITIONS: Final[Mapping[tuple[WalletStatus, Cause], WalletStatus]] = MappingProxyType(
    {
        **{
            (status, action): WalletStatus.FROZEN
            for status in (*CLOSABLE, WalletStatus.CLOSING, WalletStatus.FROZEN)
            for action in FREEZES
        },
        (WalletStatus.FROZEN, StatusAction.UNFREEZE): WalletStatus.ACTIVE,
        (WalletStatus.FROZEN, TimerKind.FREEZE_EXPIRY): WalletStatus.ACTIVE,
        (WalletStatus.ACTIVE, StatusAction.RESTRICT): WalletStatus.RESTRICTED,
        (WalletStatus.RESTRICTED, StatusAction.LIFT_RESTRICTION): WalletStatus.ACTIVE,
        (WalletStatus.ACTIVE, TimerKind.DORMANCY): WalletStatus.DORMANT,
        (WalletStatus.DORMANT, StatusAction.REVERIFY): WalletStatus.ACTIVE,
        (WalletStatus.ACTIVE, StatusAction.REVERIFY): WalletStatus.ACTIVE,
        **{(status, StatusAction.START_CLOSING): WalletStatus.CLOSING for status in CLOSABLE},
        **{(status, StatusAction.CLOSE): WalletStatus.CLOSED for status in CLOSABLE},
        (WalletStatus.CLOSING, StatusAction.CLOSE): WalletStatus.CLOSED,
        (WalletStatus.FROZEN, StatusAction.CLOSE): WalletStatus.CLOSED,
    }
)


def transition_refusal(row: WalletRow, action: StatusAction) -> Refusal | None:
    """Refuse a change that the table does not list, or a close with something left open."""
    if (row.status, action) not in TRANSITIONS:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.status.name)
    left = left_open(row) if action is StatusAction.CLOSE else None
    return None if left is None else Refusal(RejectionReason.INVALID_TRANSITION, left)


def thaw_refusal(frozen_by: Authority, asked_by: Authority) -> Refusal | None:
    """Refuse to lift a freeze on less authority than it was set on."""
    if stronger(frozen_by, asked_by) is asked_by:
        return None
    return Refusal(RejectionReason.INVALID_TRANSITION, frozen_by.name)


def stronger(one: Authority, other: Authority) -> Authority:
    """Return the one of two that outranks the other."""
    return max(one, other, key=STANDINGS.index)


def left_open(row: WalletRow) -> str | None:
    """Name what keeps a wallet from being closed."""
    if row.debit_blocked:
        return "debit_blocked"
    if row.active_holds > 0:
        return "holds"
    if row.open_movements > 0:
        return "movements"
    return "balance" if any(each.minor != 0 for each in row.balances) else None


def status_of_tier(tier: Tier) -> WalletStatus:
    """Return the status of a wallet about which there is nothing else to say."""
    return WalletStatus.PENDING_KYC if tier is Tier.UNVERIFIED else WalletStatus.ACTIVE


def status_now(status: WalletStatus, tier: Tier) -> WalletStatus:
    """Return a status with ACTIVE made the tier's own."""
    return status_of_tier(tier) if status in OF_THE_TIER else status


def debit_refusal(row: WalletRow, own: WalletStatus, currency: str) -> Refusal | None:
    """Refuse to take money out of a wallet because its owner wants to pay."""
    if own is WalletStatus.CLOSED:
        return _not_active(own)
    if row.debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    if own is WalletStatus.RESTRICTED or own is WalletStatus.DORMANT:
        return Refusal(RejectionReason.STEP_UP_REQUIRED, own.name)
    if own is not WalletStatus.ACTIVE:
        return _not_active(own)
    return currency_refusal(row, currency)


def payout_refusal(row: WalletRow, own: WalletStatus, currency: str) -> Refusal | None:
    """Refuse to pay a merchant out: that is no wish of its own, and how a closing one is swept."""
    if own is WalletStatus.PENDING_KYC:
        return Refusal(RejectionReason.DEBIT_BLOCKED) if row.debit_blocked else _not_active(own)
    return inside_refusal(row, currency)


def credit_refusal(row: WalletRow, own: WalletStatus, currency: str) -> Refusal | None:
    """Refuse to put money into a wallet that was not on its way there."""
    if own is WalletStatus.CLOSING:
        return _not_active(own)
    return owed_refusal(row, currency)


def top_up_refusal(row: WalletRow, own: WalletStatus, currency: str) -> Refusal | None:
    """Refuse its owner to put money in: a dormant wallet's owner is verified again first."""
    refusal = credit_refusal(row, own, currency)
    if refusal is None and own is WalletStatus.DORMANT:
        return Refusal(RejectionReason.KYC_REQUIRED, own.name)
    return refusal


def owed_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse to put in what is the wallet's already: a cleared top-up, accrued interest."""
    if row.status is WalletStatus.CLOSED:
        return _not_active(row.status)
    if row.credit_blocked:
        return Refusal(RejectionReason.CREDIT_BLOCKED)
    return currency_refusal(row, currency)


def handover_refusal(row: WalletRow, frozen_by: Authority) -> Refusal | None:
    """Refuse to hand over money that already left W.AVL: a freeze of both sides or a court may."""
    if not row.debit_blocked:
        return None
    if row.credit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    if frozen_by is Authority.COURT:
        return Refusal(RejectionReason.DEBIT_BLOCKED, frozen_by.name)
    return None


def inside_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse its owner to move money inside a wallet."""
    if row.status is WalletStatus.CLOSED:
        return _not_active(row.status)
    if row.debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return currency_refusal(row, currency)


def currency_refusal(row: WalletRow, currency: str) -> Refusal | None:
    """Refuse a currency that the wallet does not hold."""
    if currency not in row.currencies:
        return Refusal(RejectionReason.CURRENCY_NOT_HELD, currency)
    return None


def _not_active(status: WalletStatus) -> Refusal:
    return Refusal(RejectionReason.WALLET_NOT_ACTIVE, status.name)
