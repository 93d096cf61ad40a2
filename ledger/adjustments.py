"""Adjustments: corrections by hand, which one person proposes and another approves.

Owns: the closed list of counter accounts, the entry of an adjustment, what one may undo.
Never: judges who may approve (`ledger.guards.adjustments`).

An adjustment credits or debits W.AVL of its wallet against its account. EXP.WRITEOFF is the
exception: it stands against the wallet's debt (RCV.CUST), not against its money. A correction is a
new adjustment the other way that names the one it undoes, all or in part. Only so can a lien be
released or a written-off debt come back: liens of chargebacks have an owner of their own.
"""

from __future__ import annotations

from typing import Final

from ledger.chart import AVAILABLE, CHART, CUSTOMER_DEBT, LIEN, SUSPENSE, WRITE_OFF
from ledger.refusal import Refusal
from ledger.view import PartitionView, WalletKey
from schemas.messages.commands import ProposeAdjustment
from schemas.messages.events import EntryPosted
from schemas.messages.journal import Posting
from schemas.messages.rows import AdjustmentRow, TransactionRow
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

ACCOUNTS: Final = frozenset(
    (
        *(code for code in CHART if code.startswith(("EXP.", "REV."))),
        *(SUSPENSE, CUSTOMER_DEBT, LIEN),
    )
)
# SUSP:in holds receipts, each with a row of its own; what is adjusted lies beside it.
ADJUSTED: Final = "adjustment"
ONLY_UNDONE: Final = frozenset(
    {(LIEN, AdjustmentDirection.CREDIT_WALLET), (WRITE_OFF, AdjustmentDirection.DEBIT_WALLET)}
)


def details_of(body: ProposeAdjustment) -> AdjustmentRow:
    """Return what a proposal says beside its amount."""
    return AdjustmentRow(
        body.account, body.direction, body.reason, body.ticket, body.corrects or "", ()
    )


def entry_of(subject: WalletKey, row: TransactionRow, details: AdjustmentRow) -> EntryPosted:
    """Return the entry of an adjustment, its debit first."""
    written_off = details.account == WRITE_OFF
    credited = details.direction is AdjustmentDirection.CREDIT_WALLET
    amount = -row.amount if credited else row.amount
    own = CUSTOMER_DEBT if written_off else AVAILABLE
    mine = Posting(own, subject[0], row.currency, amount)
    other = Posting(details.account, _owner_of(details.account, subject), row.currency, -amount)
    flow = "F2c.8" if written_off else "F20.1"
    return EntryPosted(*subject, flow, (other, mine) if credited else (mine, other))


def _owner_of(account: str, subject: WalletKey) -> str:
    if account in (CUSTOMER_DEBT, LIEN):
        return subject[0]
    return ADJUSTED if account == SUSPENSE else ""


def correction_refusal(
    view: PartitionView, wallet_id: str, details: AdjustmentRow, currency: str, amount: int
) -> Refusal | None:
    """Refuse a correction of what is not there, or of more than is left of it."""
    if not details.corrects:
        return None
    key = (wallet_id, details.corrects)
    row, earlier = view.transactions.get(key), view.adjustments.get(key)
    undoes = (
        row is not None
        and earlier is not None
        and row.kind is TransactionKind.ADJUSTMENT
        and row.state is TransactionState.COMPLETED
        and (row.currency, earlier.account) == (currency, details.account)
        and earlier.direction is not details.direction
        and amount <= row.amount - row.refunded
    )
    return None if undoes else Refusal(RejectionReason.INVALID_TRANSITION, "corrects")
