"""Escrows: the guards of FundEscrow, ReleaseEscrow and RefundEscrow.

Owns: their fields, what the lifecycle of an escrow allows, and what is left in it.
Never: asks about the seller before money is on its way there.

A refund only gives back, so no status stops it; a release hands over money that left W.AVL long
ago, so only a freeze of both sides does.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, money, positive, self_transfer, ttl
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from ledger.standing import debit_refusal, handover_refusal
from schemas.messages.commands import FundEscrow, RefundEscrow, ReleaseEscrow
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

COMMANDS: Final = (FundEscrow, ReleaseEscrow, RefundEscrow)
Body = FundEscrow | ReleaseEscrow | RefundEscrow


def shape(case: Case, body: Body) -> Refusal | None:
    """Check ids, amounts and the escrow's life."""
    if isinstance(body, FundEscrow):
        return _fund(case, body)
    if isinstance(body, ReleaseEscrow):
        return id_refusal(body.escrow_id, "escrow_id") or _release(case, body)
    return id_refusal(body.escrow_id, "escrow_id")


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse what the escrow as it stands does not allow."""
    if isinstance(body, FundEscrow):
        return unused(case)
    row = case.moment.view.transactions.get((case.wallet_id, body.escrow_id))
    if isinstance(body, ReleaseEscrow):
        return unused(case) or _releasable(row, body.amount)
    return transition_refusal(
        row,
        TransactionKind.ESCROW,
        TransactionState.CANCELLED,
        TransactionState.PROCESSING,
    )


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse what the buyer's status does not allow."""
    if isinstance(body, FundEscrow):
        return debit_refusal(case, body.currency)
    return handover_refusal(case) if isinstance(body, ReleaseEscrow) else None


def _fund(case: Case, body: FundEscrow) -> Refusal | None:
    return (
        id_refusal(body.seller_wallet_id, "seller_wallet_id")
        or ttl(body.ttl_s or 0, "ttl_s")
        or money(case.moment.programme, body.currency, body.amount, None)
        or self_transfer(case.wallet_id, body.seller_wallet_id, "seller_wallet_id")
    )


def _release(case: Case, body: ReleaseEscrow) -> Refusal | None:
    refusal = positive(body.amount)
    if refusal is not None:
        return refusal
    if case.moment.programme.fee(FeeFlow.ESCROW, body.amount) >= body.amount:
        return Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount after fee")
    return None


def _releasable(row: TransactionRow | None, amount: int) -> Refusal | None:
    refusal = transition_refusal(
        row, TransactionKind.ESCROW, TransactionState.PROCESSING, TransactionState.COMPLETED
    )
    if refusal is not None:
        return refusal
    if row is not None and amount > row.amount - row.done:
        return Refusal(RejectionReason.HOLD_EXCEEDED, "amount")
    return None
