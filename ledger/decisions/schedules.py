"""Schedules: created, paused, resumed and ended.

Owns: the one event, which carries the row.
Never: pays. Each payment is a command of its own, which the scheduler job gives when it is due.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.errors import present
from ledger.guards.schedules import Body, state_after
from ledger.refusal import Refusal, accepted, rejected
from ledger.schedules import SCHEDULES_MAX
from ledger.verdict import Verdict
from schemas.messages.commands import CancelSchedule, CreateSchedule, PauseSchedule
from schemas.messages.events import ScheduleMoved
from schemas.messages.rows import ScheduleRow
from schemas.messages.vocabulary import RejectionReason, ScheduleState


def act(case: Case, body: Body) -> Verdict:
    """Return the verdict of a command about a schedule."""
    if isinstance(body, CreateSchedule):
        return _create(case, body)
    row = present(case.moment.view.schedules.get((case.wallet_id, body.schedule_id)), "schedule")
    reason = body.reason if isinstance(body, (CancelSchedule, PauseSchedule)) else ""
    after = _standing(row, state_after(body))
    moved = ScheduleMoved(case.wallet_id, body.schedule_id, row.state, reason, after)
    return accepted((moved,))


def _create(case: Case, body: CreateSchedule) -> Verdict:
    count = case.moment.view.schedule_counts.get(case.wallet_id)
    if count is not None and count.open >= SCHEDULES_MAX:
        return rejected(Refusal(RejectionReason.BOUND_EXCEEDED, "schedules"))
    row = ScheduleRow(
        ScheduleState.ACTIVE,
        body.kind,
        body.payee,
        body.currency,
        body.amount,
        body.first_at,
        body.recurrence,
        body.every,
        body.reference,
        body.count,
        body.until,
        body.stop_after,
    )
    name = case.command.command_id
    return accepted((ScheduleMoved(case.wallet_id, name, ScheduleState.INITIATED, "", row),))


def _standing(row: ScheduleRow, state: ScheduleState) -> ScheduleRow:
    return ScheduleRow(
        state,
        row.kind,
        row.payee,
        row.currency,
        row.amount,
        row.first_at,
        row.recurrence,
        row.every,
        row.reference,
        row.count,
        row.until,
        row.stop_after,
    )
