"""Schedules: the guards of the commands that create, pause, resume and end one.

Owns: what a schedule must look like, and which way it may go.
Never: asks whether its payments will be possible; each of them is asked when it is due.

A schedule is named by its command, and its payments by that and their number, so its id is shorter
than others. To create or resume one is to pay, as far as the wallet's status goes; no status stops
a customer, or the scheduler, from ending one.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.errors import present
from ledger.guards.fields import id_refusal, malformed, money, self_transfer, text
from ledger.rails import BANK_OUT
from ledger.refusal import Refusal
from ledger.schedules import transition_refusal
from ledger.standing import debit_refusal
from ledger.windows import DAY_US
from schemas.messages.commands import (
    CancelSchedule,
    CompleteSchedule,
    CreateSchedule,
    PauseSchedule,
    ResumeSchedule,
)
from schemas.messages.vocabulary import (
    FeeFlow,
    Recurrence,
    RejectionReason,
    ScheduledKind,
    ScheduleState,
)

COMMANDS: Final = (
    CreateSchedule,
    CancelSchedule,
    PauseSchedule,
    ResumeSchedule,
    CompleteSchedule,
)
Later = CancelSchedule | PauseSchedule | ResumeSchedule | CompleteSchedule
Body = CreateSchedule | Later

SCHEDULE_ID_MAX: Final = 52  # with `:36600-pause` behind it an id has 64 characters
# A day back, so that "today" is no matter of seconds; further back it would pay many times at once.
PAST_MAX_US: Final = DAY_US
AHEAD_MAX_US: Final = 10 * 366 * DAY_US
EVERY_MAX: Final = 366
COUNT_MAX: Final = 36_600  # every day for 100 years
STOP_MAX: Final = 1_000
FEES: Final = {
    ScheduledKind.TRANSFER: FeeFlow.TRANSFER,
    ScheduledKind.BILL: FeeFlow.BILL,
    ScheduledKind.WITHDRAWAL: FeeFlow.WITHDRAWAL,
}


def shape(case: Case, body: Body) -> Refusal | None:
    """Check what is paid, when, and what is said about a schedule later."""
    if isinstance(body, CreateSchedule):
        if len(case.command.command_id) > SCHEDULE_ID_MAX:
            return malformed("command_id")
        return _payment(case, body) or _begin(case, body) or _end(body)
    refusal = id_refusal(body.schedule_id, "schedule_id")
    if isinstance(body, (CancelSchedule, PauseSchedule)) and body.reason:
        return refusal or text(body.reason, "reason")
    return refusal


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse an id in use, a rail that pays nothing out, and a step that is not in the table."""
    view = case.moment.view
    if not isinstance(body, CreateSchedule):
        row = view.schedules.get((case.wallet_id, body.schedule_id))
        return transition_refusal(row, state_after(body))
    if view.schedules.get((case.wallet_id, case.command.command_id)) is not None:
        return Refusal(RejectionReason.INVALID_TRANSITION, "command_id")
    if body.kind is ScheduledKind.WITHDRAWAL and body.reference not in BANK_OUT:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.reference)
    return None


def status(case: Case, body: Body) -> Refusal | None:
    """Ask whether the wallet may pay."""
    if isinstance(body, CreateSchedule):
        return debit_refusal(case, body.currency)
    if isinstance(body, ResumeSchedule):
        row = case.moment.view.schedules.get((case.wallet_id, body.schedule_id))
        return debit_refusal(case, present(row, "schedule").currency)
    return None


def state_after(body: Later) -> ScheduleState:
    """Return where a command takes a schedule."""
    if isinstance(body, CancelSchedule):
        return ScheduleState.CANCELLED
    if isinstance(body, PauseSchedule):
        return ScheduleState.PAUSED
    if isinstance(body, ResumeSchedule):
        return ScheduleState.ACTIVE
    return ScheduleState.COMPLETED


def _payment(case: Case, body: CreateSchedule) -> Refusal | None:
    """Check what each payment will be checked for, as far as it can be told now."""
    refusal = id_refusal(body.payee, "payee") or _reference(body)
    if refusal is not None:
        return refusal
    programme = case.moment.programme
    refusal = money(programme, body.currency, body.amount, FEES[body.kind])
    if refusal is None and body.kind is ScheduledKind.TRANSFER:
        return self_transfer(case.wallet_id, body.payee, "payee")
    return refusal


def _reference(body: CreateSchedule) -> Refusal | None:
    if body.kind is ScheduledKind.TRANSFER:
        return malformed("reference") if body.reference else None
    if body.kind is ScheduledKind.BILL:
        return text(body.reference, "reference")
    return id_refusal(body.reference, "reference")


def _begin(case: Case, body: CreateSchedule) -> Refusal | None:
    at = case.moment.at
    if not at - PAST_MAX_US <= body.first_at <= at + AHEAD_MAX_US:
        return malformed("first_at")
    most = 1 if body.recurrence is Recurrence.ONCE else EVERY_MAX
    return None if 1 <= body.every <= most else malformed("every")


def _end(body: CreateSchedule) -> Refusal | None:
    most = 1 if body.recurrence is Recurrence.ONCE else COUNT_MAX
    if not 0 <= body.count <= most:
        return malformed("count")
    if body.until != 0 and body.until < body.first_at:
        return malformed("until")
    return None if 0 <= body.stop_after <= STOP_MAX else malformed("stop_after")
