"""Guards of disputes.

Owns: shape, state and status of OpenDispute, SubmitEvidence, ResolveDispute and WithdrawDispute;
the window of days in which a payment may be disputed.
Never: judges who is right.

A merchant that is frozen is disputed all the same; a closed one has nothing to hold.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.case import Case
from ledger.disputes import DisputeStatus, not_open
from ledger.errors import present
from ledger.guards import refunds
from ledger.guards.fields import id_refusal, malformed, payment_id, positive, text
from ledger.guards.sales import closed
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from schemas.messages.commands import (
    OpenDispute,
    ResolveDispute,
    SubmitEvidence,
    WithdrawDispute,
)
from schemas.messages.rows import EvidenceRow
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (OpenDispute, ResolveDispute, WithdrawDispute, SubmitEvidence)
Body = OpenDispute | ResolveDispute | WithdrawDispute | SubmitEvidence
EVIDENCE_MAX: Final = 16  # it lies in one row
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def shape(body: Body) -> Refusal | None:
    """Refuse what no state could make right."""
    if isinstance(body, OpenDispute):
        refusal = payment_id(body.payment_id) or text(body.evidence_ref, "evidence_ref")
        return refusal or positive(body.amount)
    refusal = id_refusal(body.dispute_id, "dispute_id")
    if isinstance(body, ResolveDispute) and (body.to_buyer or 0) < 0:
        return refusal or malformed("to_buyer")
    if isinstance(body, SubmitEvidence):
        return refusal or _evidence(body)
    return refusal


def _evidence(body: SubmitEvidence) -> Refusal | None:
    refusal = id_refusal(body.evidence_ref, "evidence_ref")
    if refusal is None and DIGEST.fullmatch(body.digest) is None:
        return malformed("digest")
    return refusal


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse a payment that cannot be disputed (any more), and a dispute that has ended."""
    if isinstance(body, OpenDispute):
        refusal = refunds.payment(case, body.payment_id, body.amount)
        return unused(case) or refusal or _disputable(case, body)
    row = case.moment.view.transactions.get((case.wallet_id, body.dispute_id))
    refusal = not_open(row)
    if refusal is not None:
        return refusal
    if isinstance(body, (WithdrawDispute, SubmitEvidence)):
        evidence = case.moment.view.evidence.get((case.wallet_id, body.dispute_id))
        return _answered(case, body, evidence)
    if (body.to_buyer or 0) > present(row, "dispute").amount:
        return Refusal(RejectionReason.REFUND_EXCEEDED, "to_buyer")
    return unused(case)


def _answered(
    case: Case, body: WithdrawDispute | SubmitEvidence, evidence: EvidenceRow | None
) -> Refusal | None:
    """Refuse to withdraw what is under review, and evidence that is late or too much."""
    if evidence is None:
        return None  # its deadline has not come, or it would have ended
    if isinstance(body, WithdrawDispute):
        return Refusal(RejectionReason.INVALID_TRANSITION, DisputeStatus.UNDER_REVIEW.value)
    if case.moment.at >= evidence.deadline:
        return Refusal(RejectionReason.INVALID_TRANSITION, "deadline")
    if len(evidence.evidence) >= EVIDENCE_MAX:
        return Refusal(RejectionReason.BOUND_EXCEEDED, "evidence")
    return None


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
