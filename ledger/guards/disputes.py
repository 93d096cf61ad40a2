"""Guards of disputes.

Owns: shape, state and status of OpenDispute, ResolveDispute and WithdrawDispute; the window of days
in which a payment may be disputed.
Never: judges who is right.

A merchant that is frozen is disputed all the same; a closed one has nothing to hold.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.disputes import not_open
from ledger.errors import present
from ledger.guards import refunds
from ledger.guards.fields import id_refusal, malformed, payment_id, positive, text
from ledger.guards.sales import closed
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from schemas.messages.commands import OpenDispute, ResolveDispute, WithdrawDispute
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (OpenDispute, ResolveDispute, WithdrawDispute)
Body = OpenDispute | ResolveDispute | WithdrawDispute


def shape(body: Body) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, OpenDispute):
        refusal = payment_id(body.payment_id) or text(body.evidence_ref, "evidence_ref")
        return refusal or positive(body.amount)
    refusal = id_refusal(body.dispute_id, "dispute_id")
    if isinstance(body, ResolveDispute) and (body.to_buyer or 0) < 0:
        return refusal or malformed("to_buyer")
    return refusal


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse a payment that cannot be disputed (any more), and a dispute that has ended."""
    if isinstance(body, OpenDispute):
        refusal = refunds.payment(case, body.payment_id, body.amount)
        return unused(case) or refusal or _disputable(case, body)
    row = case.moment.view.transactions.get((case.wallet_id, body.dispute_id))
    refusal = not_open(row)
    if refusal is not None or isinstance(body, WithdrawDispute):
        return refusal
    if (body.to_buyer or 0) > present(row, "dispute").amount:
        return Refusal(RejectionReason.REFUND_EXCEEDED, "to_buyer")
    return unused(case)


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse to dispute what a closed merchant sold."""
    return closed(case) if isinstance(body, OpenDispute) else None


def _disputable(case: Case, body: OpenDispute) -> Refusal | None:
    moment = case.moment
    row = present(moment.view.transactions.get((case.wallet_id, body.payment_id)), "payment")
    refusal = transition_refusal(row, TransactionKind.PAYMENT, TransactionState.DISPUTED)
    if refusal is not None:
        return refusal
    days = moment.programme.calendar.day(moment.at) - row.day
    if days > moment.programme.policy.dispute_window_days:
        return Refusal(RejectionReason.INVALID_TRANSITION, "dispute_window_days")
    return None
