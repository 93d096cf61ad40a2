"""Disputes: the life of a buyer's complaint about a payment to a merchant.

Owns: the transition table; no other file changes a dispute's status. What it does not list is
refused.
Never: touches balances or rows.

A dispute rests OPENED: the merchant is asked for evidence until its deadline. With its first
evidence (ANSWER) it rests UNDER_REVIEW, where nobody is late. Whatever ends it goes the rest of the
way in one Decision, so its transaction's state and its evidence say where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from ledger.refusal import Refusal
from schemas.messages.rows import EvidenceRow, TransactionRow
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState


class DisputeStatus(Enum):
    """Where a dispute stands."""

    OPENED = "opened"
    EVIDENCE_DUE = "evidence due"
    UNDER_REVIEW = "under review"
    WON_BUYER = "won by the buyer"
    WON_MERCHANT = "won by the merchant"
    SPLIT = "split"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class DisputeVerb(Enum):
    """What can be done to a dispute; MISS is the deadline that the merchant let pass."""

    ASK = "ask"
    JUDGE = "judge"
    ANSWER = "answer"
    MISS = "miss"
    FOR_BUYER = "for the buyer"
    FOR_MERCHANT = "for the merchant"
    DIVIDE = "divide"
    CLOSE = "close"
    WITHDRAW = "withdraw"


TRANSITIONS: Final[Mapping[tuple[DisputeStatus, DisputeVerb], DisputeStatus]] = MappingProxyType(
    {
        (DisputeStatus.OPENED, DisputeVerb.ASK): DisputeStatus.EVIDENCE_DUE,
        (DisputeStatus.OPENED, DisputeVerb.WITHDRAW): DisputeStatus.WITHDRAWN,
        (DisputeStatus.EVIDENCE_DUE, DisputeVerb.JUDGE): DisputeStatus.UNDER_REVIEW,
        (DisputeStatus.EVIDENCE_DUE, DisputeVerb.ANSWER): DisputeStatus.UNDER_REVIEW,
        (DisputeStatus.UNDER_REVIEW, DisputeVerb.ANSWER): DisputeStatus.UNDER_REVIEW,
        (DisputeStatus.EVIDENCE_DUE, DisputeVerb.MISS): DisputeStatus.WON_BUYER,
        (DisputeStatus.UNDER_REVIEW, DisputeVerb.FOR_BUYER): DisputeStatus.WON_BUYER,
        (DisputeStatus.UNDER_REVIEW, DisputeVerb.FOR_MERCHANT): DisputeStatus.WON_MERCHANT,
        (DisputeStatus.UNDER_REVIEW, DisputeVerb.DIVIDE): DisputeStatus.SPLIT,
        (DisputeStatus.WON_BUYER, DisputeVerb.CLOSE): DisputeStatus.CLOSED,
        (DisputeStatus.WON_MERCHANT, DisputeVerb.CLOSE): DisputeStatus.CLOSED,
        (DisputeStatus.SPLIT, DisputeVerb.CLOSE): DisputeStatus.CLOSED,
    }
)
# The state of its transaction that says how a dispute ended.
ENDINGS: Final[Mapping[DisputeStatus, TransactionState]] = MappingProxyType(
    {
        DisputeStatus.WON_BUYER: TransactionState.COMPLETED,
        DisputeStatus.SPLIT: TransactionState.COMPLETED,
        DisputeStatus.WON_MERCHANT: TransactionState.FAILED,
        DisputeStatus.WITHDRAWN: TransactionState.CANCELLED,
    }
)


def walked(*verbs: DisputeVerb, start: DisputeStatus = DisputeStatus.OPENED) -> DisputeStatus:
    """Return where an open dispute is after these steps."""
    status = start
    for verb in verbs:
        status = TRANSITIONS[status, verb]
    return status


def status_of(evidence: EvidenceRow | None) -> DisputeStatus:
    """Return where an open dispute rests, by the evidence there is."""
    return DisputeStatus.OPENED if evidence is None else DisputeStatus.UNDER_REVIEW


def verdict_of(amount: int, to_buyer: int) -> DisputeVerb:
    """Return which verdict it is that gives a buyer so much of a disputed amount."""
    if to_buyer == 0:
        return DisputeVerb.FOR_MERCHANT
    return DisputeVerb.FOR_BUYER if to_buyer == amount else DisputeVerb.DIVIDE


def not_open(row: TransactionRow | None) -> Refusal | None:
    """Refuse a dispute that is not there or has ended."""
    if row is None or row.kind is not TransactionKind.DISPUTE:
        return Refusal(RejectionReason.INVALID_TRANSITION, "dispute_id")
    if row.state is not TransactionState.PENDING:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.state.name)
    return None
