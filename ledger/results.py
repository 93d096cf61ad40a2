"""Results: what a Decision answers, and to whom.

Owns: the pure function from a Decision to the results it publishes. One Decision of a command
answers its command; one that ends a pending movement (an ACK, a NACK, a reviewer's verdict, a
timer) answers the command that began it, with a FINAL result.
Never: reads state; whatever a result says stands in the Decision.
"""

from __future__ import annotations

from schemas.messages.decisions import Decision, InputSource
from schemas.messages.events import (
    ReviewResolved,
    TransactionMoved,
    TransferCompensated,
    TransferSettled,
)
from schemas.messages.results import Result
from schemas.messages.vocabulary import (
    InputTopic,
    Outcome,
    RejectionReason,
    ReviewVerdict,
    Stage,
    TransactionKind,
    TransactionState,
)

# How an adjustment ends that nobody approved.
UNDECIDED = frozenset(
    {TransactionState.FAILED, TransactionState.CANCELLED, TransactionState.EXPIRED}
)
# What has a client, or a job, that waits for an answer.
COMMAND_TOPICS = (InputTopic.COMMANDS, InputTopic.JOB_COMMANDS)
UNANSWERABLE = frozenset({RejectionReason.UNREADABLE, RejectionReason.TOO_LARGE})


def results_of(decision: Decision) -> tuple[Result, ...]:
    """Return a Decision's results: its own command's, then those of movements it ended."""
    ended = endings_of(decision)
    source = decision.source
    if not isinstance(source, InputSource) or source.topic not in COMMAND_TOPICS:
        return ended
    if decision.reason in UNANSWERABLE or not decision.command_id:
        return ended
    return (_own(decision), *ended)


def endings_of(decision: Decision) -> tuple[Result, ...]:
    """Return the FINAL results of the pending movements that this Decision ended."""
    ended: list[Result] = []
    for event in decision.events:
        if isinstance(event, TransferSettled):
            ended.append(_final(decision, event.from_wallet_id, event.transfer_id))
        elif isinstance(event, TransferCompensated):
            ended.append(
                _final(
                    decision,
                    event.from_wallet_id,
                    event.transfer_id,
                    RejectionReason.RECIPIENT_REFUSED,
                    event.reason.name,
                )
            )
        elif isinstance(event, ReviewResolved):
            ended += _review_ending(decision, event)
        elif isinstance(event, TransactionMoved):
            ended += _transaction_ending(decision, event)
    return tuple(ended)


def _review_ending(decision: Decision, event: ReviewResolved) -> tuple[Result, ...]:
    if event.verdict is ReviewVerdict.REJECT:
        reason = RejectionReason.RISK_REVIEW
        return (_final(decision, event.wallet_id, event.review_id, reason, "review rejected"),)
    if decision.stage is Stage.PENDING:
        return ()  # approved, and now on its way to another partition: the ACK ends it
    return (_final(decision, event.wallet_id, event.review_id),)


def _transaction_ending(decision: Decision, event: TransactionMoved) -> tuple[Result, ...]:
    """An adjustment was pending from its proposal on: tell its maker how it ended."""
    state = event.row.state
    if event.row.kind is not TransactionKind.ADJUSTMENT or state is event.before:
        return ()
    if state is TransactionState.COMPLETED:
        return (_final(decision, event.wallet_id, event.transaction_id),)
    if state not in UNDECIDED:
        return ()
    reason = RejectionReason.APPROVAL_REQUIRED
    return (_final(decision, event.wallet_id, event.transaction_id, reason, state.name),)


def own_stage(decision: Decision) -> Stage:
    """Return the stage of the command's own answer: a verdict on a review is final in itself."""
    for event in decision.events:
        if isinstance(event, ReviewResolved):
            return Stage.FINAL
    return decision.stage


def _own(decision: Decision) -> Result:
    return Result(
        decision.wallet_id,
        decision.command_id,
        decision.outcome,
        decision.reason,
        decision.detail,
        own_stage(decision),
        decision.partition,
        decision.sequence,
        decision.duplicate_of,
        decision.decided_at,
        decision.dry_run,
    )


def _final(
    decision: Decision,
    wallet_id: str,
    command_id: str,
    reason: RejectionReason | None = None,
    detail: str = "",
) -> Result:
    return Result(
        wallet_id,
        command_id,
        Outcome.ACCEPTED if reason is None else Outcome.REJECTED,
        reason,
        detail,
        Stage.FINAL,
        decision.partition,
        decision.sequence,
        None,
        decision.decided_at,
    )
