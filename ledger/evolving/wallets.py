"""Wallet rows: opening, status, tier, external references, and the counters of what is open.

Owns: every field of a wallet row except balances and sequence.
Never: judges a transition; the decision did.
"""

from __future__ import annotations

from ledger import profile
from ledger.balances import limits_with
from ledger.errors import present
from ledger.profile import NO_PROFILE
from ledger.view import PartitionView
from schemas.messages.events import (
    CreditLimitChanged,
    ReferenceTaken,
    RiskFlagged,
    TierChanged,
    ToppedUp,
    TopUpChargedBack,
    WalletOpened,
    WalletStatusChanged,
)
from schemas.messages.rows import ExternalRefRow, WalletRow


def opened(view: PartitionView, event: WalletOpened, at: int) -> None:
    """A wallet begins with no account and sequence 0; its first Decision makes that 1."""
    view.wallets.put(
        event.wallet_id,
        WalletRow(
            event.kind,
            event.tier,
            event.status,
            False,  # noqa: FBT003 - positional like the schema
            False,  # noqa: FBT003
            at,
            0,
            event.currencies,
            0,
            0,
            0,
            (),
        ),
    )


def status_changed(view: PartitionView, event: WalletStatusChanged) -> None:
    """Set status and blocks."""
    row = present(view.wallets.get(event.wallet_id), "wallet")
    view.wallets.put(
        event.wallet_id,
        WalletRow(
            row.kind,
            row.tier,
            event.status,
            event.debit_blocked,
            event.credit_blocked,
            row.opened_at,
            row.sequence,
            row.currencies,
            row.active_holds,
            row.open_movements,
            row.payees,
            row.balances,
            row.credit_limits,
        ),
    )


def tier_changed(view: PartitionView, event: TierChanged, at: int) -> None:
    """Set tier and status; the profile remembers when."""
    known = view.profiles.get(event.wallet_id) or NO_PROFILE
    view.profiles.put(event.wallet_id, profile.tier_changed(known, at))
    row = present(view.wallets.get(event.wallet_id), "wallet")
    view.wallets.put(
        event.wallet_id,
        WalletRow(
            row.kind,
            event.tier,
            event.status,
            row.debit_blocked,
            row.credit_blocked,
            row.opened_at,
            row.sequence,
            row.currencies,
            row.active_holds,
            row.open_movements,
            row.payees,
            row.balances,
            row.credit_limits,
        ),
    )


def credit_changed(view: PartitionView, event: CreditLimitChanged) -> None:
    """Set a credit limit."""
    row = present(view.wallets.get(event.wallet_id), "wallet")
    view.wallets.put(
        event.wallet_id,
        WalletRow(
            row.kind,
            row.tier,
            row.status,
            row.debit_blocked,
            row.credit_blocked,
            row.opened_at,
            row.sequence,
            row.currencies,
            row.active_holds,
            row.open_movements,
            row.payees,
            row.balances,
            limits_with(row, event.currency, event.limit),
        ),
    )


def flagged(view: PartitionView, event: RiskFlagged, at: int) -> None:
    """Keep what the risk job said; it is no movement, and no sequence of the wallet counts it."""
    row = view.profiles.get(event.wallet_id) or NO_PROFILE
    view.profiles.put(event.wallet_id, profile.flagged(row, event.flag, at))


def topped_up(view: PartitionView, event: ToppedUp) -> None:
    """Take the external reference."""
    view.external_refs.put(
        (event.rail, event.ext_ref),
        ExternalRefRow(event.wallet_id, event.top_up_id, event.currency, event.amount),
    )


def reference_taken(view: PartitionView, event: ReferenceTaken) -> None:
    """Take the external reference of something else."""
    view.external_refs.put(
        (event.scope, event.ext_ref),
        ExternalRefRow(event.wallet_id, event.transaction_id, event.currency, event.amount),
    )


def charged_back(view: PartitionView, event: TopUpChargedBack) -> None:
    """Add to what is charged back of a top-up."""
    key = (event.rail, event.ext_ref)
    row = present(view.external_refs.get(key), "external reference")
    view.external_refs.put(
        key,
        ExternalRefRow(
            row.wallet_id,
            row.command_id,
            row.currency,
            row.amount,
            row.charged_back + event.amount,
        ),
    )


def counted(
    view: PartitionView, wallet_id: str, holds: int = 0, movements: int = 0, payees: int = 0
) -> None:
    """Add to the counters of open holds, open movements and remembered payees."""
    row = present(view.wallets.get(wallet_id), "wallet")
    view.wallets.put(
        wallet_id,
        WalletRow(
            row.kind,
            row.tier,
            row.status,
            row.debit_blocked,
            row.credit_blocked,
            row.opened_at,
            row.sequence,
            row.currencies,
            row.active_holds + holds,
            row.open_movements + movements,
            row.payees + payees,
            row.balances,
            row.credit_limits,
        ),
    )
