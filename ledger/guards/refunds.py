"""Guards of refunds.

Owns: shape, state and status of RefundPayment; which payment may still be given back.
Never: asks the payer, who cannot refuse.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import payment_id, positive
from ledger.guards.sales import closed
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from schemas.messages.commands import RefundPayment
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (RefundPayment,)


def shape(body: RefundPayment) -> Refusal | None:
    """Refuse what no state could make right."""
    return payment_id(body.payment_id) or positive(body.amount)


def state(case: Case, body: RefundPayment) -> Refusal | None:
    """Refuse an unknown or reversed payment, and more than is left of it."""
    return unused(case) or payment(case, body.payment_id, body.amount)


def status(case: Case, _body: RefundPayment) -> Refusal | None:
    """Refuse a closed merchant, and one whose money must stay."""
    refusal = closed(case)
    if refusal is None and case.owner().debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return refusal


def payment(case: Case, name: str, amount: int) -> Refusal | None:
    """Refuse a payment that cannot be given back, or more than is neither refunded nor disputed."""
    row = case.moment.view.transactions.get((case.wallet_id, name))
    if row is None or row.kind is not TransactionKind.PAYMENT:
        return Refusal(RejectionReason.INVALID_TRANSITION, "payment_id")
    refusal = transition_refusal(row, TransactionKind.PAYMENT, TransactionState.REVERSED)
    if refusal is not None:
        return refusal
    if amount > row.amount - row.refunded - row.disputed:
        return Refusal(RejectionReason.REFUND_EXCEEDED, "amount")
    return None
