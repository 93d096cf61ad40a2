"""Fold: what a Decision leaves behind in the tables besides its events' own rows.

Owns: the identity row of a decided command, the head row, and `fold`, which rebuilds state from the
log.
Never: decides. A live step and a fold of the same Decision leave equal rows; a property test holds
them to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.effects import restore
from ledger.heads import head_of
from ledger.results import endings_of, own_stage
from ledger.view import ONE, PartitionView
from schemas.messages.decisions import Decision
from schemas.messages.rows import HeadRow, IdentityRow
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage


def fold(view: PartitionView, decision: Decision) -> None:
    """Apply a committed Decision: its events, its balances, and what `note` writes."""
    restore(view, decision.events, decision.balances, decision.decided_at)
    note(view, decision)


def fold_group(view: PartitionView, decisions: Sequence[Decision], chain: bytes) -> None:
    """Apply a sealed group whose last Decision left the chain at `chain`."""
    before = head_of(view)
    for decision in decisions:
        restore(view, decision.events, decision.balances, decision.decided_at)
        _remember_answers(view, decision)
        # Events read the head: for every one it must stand at the Decision before.
        view.head.put(
            ONE,
            HeadRow(
                decision.sequence, decision.decided_at, before.chain, before.group_first_sequence
            ),
        )
    close_group(view, chain)


def note(view: PartitionView, decision: Decision) -> None:
    """Remember what a Decision answered and where the partition now stands."""
    _remember_answers(view, decision)
    head = head_of(view)
    view.head.put(
        ONE,
        HeadRow(decision.sequence, decision.decided_at, head.chain, head.group_first_sequence),
    )


def close_group(view: PartitionView, chain: bytes) -> None:
    """Move the head past a sealed group whose last Decision left the chain at `chain`."""
    head = head_of(view)
    view.head.put(ONE, HeadRow(head.sequence, head.decided_at, chain, head.sequence + 1))


def _remember_answers(view: PartitionView, decision: Decision) -> None:
    if decision.fingerprint and decision.outcome is not Outcome.DUPLICATE:
        _remember(view, decision)
    if decision.events:
        _remember_endings(view, decision)


def _remember(view: PartitionView, decision: Decision) -> None:
    if decision.reason is RejectionReason.IDEMPOTENCY_MISMATCH:
        return  # the row belongs to the first content
    view.identities.put(
        (decision.wallet_id, decision.command_id),
        IdentityRow(
            decision.fingerprint,
            decision.field_checks,
            decision.outcome,
            decision.reason,
            decision.detail,
            own_stage(decision),
            decision.sequence,
            decision.decided_at,
        ),
    )


def _remember_endings(view: PartitionView, decision: Decision) -> None:
    """A pending answer became final: a retry of that command is told the final one.

    After 35 days the row may be gone, or be that of a later command with the same id, whose answer
    it stays; the movement is not forgotten.
    """
    for result in endings_of(decision):
        key = (result.wallet_id, result.command_id)
        row = view.identities.get(key)
        if row is None or row.stage is not Stage.PENDING:
            continue
        view.identities.put(
            key,
            IdentityRow(
                row.fingerprint,
                row.field_checks,
                result.outcome,
                result.reason,
                result.detail,
                result.stage,
                row.sequence,
                row.decided_at,
            ),
        )
