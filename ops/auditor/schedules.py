"""Schedules: what a wallet wants paid later, and which of them are still to be followed.

Owns: their commands, by a plain list of who may do what when.
Never: pays, or works out when something is due; the scheduler's payments are commands like others.
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, ThingKey
from ops.auditor.fields import check_id, check_text
from ops.auditor.kept import Schedule
from ops.auditor.money import check_amount
from ops.auditor.status import check_debit
from ops.auditor.withdrawals import RAILS
from schemas.messages.commands import (
    CancelSchedule,
    CompleteSchedule,
    CreateSchedule,
    PauseSchedule,
    ResumeSchedule,
    WalletCommand,
)
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    FeeFlow,
    Recurrence,
    RejectionReason,
    ScheduledKind,
    ScheduleState,
)

Later = CancelSchedule | PauseSchedule | ResumeSchedule | CompleteSchedule
Body = CreateSchedule | Later

DAY_US: Final = 86_400_000_000
MOST: Final = 64
LONGEST_ID: Final = 52
CENTURY: Final = 36_600
FLOWS: Final = {"TRANSFER": FeeFlow.TRANSFER, "BILL": FeeFlow.BILL}
# What each command makes of a schedule, and of which.
STEPS: Final = {
    CancelSchedule: (ScheduleState.CANCELLED, (ScheduleState.ACTIVE, ScheduleState.PAUSED)),
    PauseSchedule: (ScheduleState.PAUSED, (ScheduleState.ACTIVE,)),
    ResumeSchedule: (ScheduleState.ACTIVE, (ScheduleState.PAUSED,)),
    CompleteSchedule: (ScheduleState.COMPLETED, (ScheduleState.ACTIVE,)),
}


def check_shape(body: Later) -> None:
    """Refuse malformed names and reasons."""
    check_id(body.schedule_id)
    if isinstance(body, (CancelSchedule, PauseSchedule)) and body.reason != "":
        check_text(body.reason)


def check_creation(policy: Policy, given: WalletCommand, body: CreateSchedule, at: int) -> None:
    """Refuse what could never be paid, and times that are none."""
    _check(len(given.command_id) <= LONGEST_ID)
    check_id(body.payee)
    if body.kind is ScheduledKind.TRANSFER:
        _check(body.reference == "")
    elif body.kind is ScheduledKind.BILL:
        check_text(body.reference)
    else:
        check_id(body.reference)
    flow = FLOWS.get(body.kind.name, FeeFlow.WITHDRAWAL)
    check_amount(policy, body.currency, body.amount, flow)
    if body.kind is ScheduledKind.TRANSFER and body.payee == given.wallet_id:
        raise Refused(RejectionReason.SELF_TRANSFER)
    _check(-DAY_US <= body.first_at - at <= 3_660 * DAY_US)
    once = body.recurrence is Recurrence.ONCE
    _check(1 <= body.every <= (1 if once else 366))
    _check(0 <= body.count <= (1 if once else CENTURY))
    _check(body.until == 0 or body.first_at <= body.until)
    _check(0 <= body.stop_after <= 1_000)  # noqa: PLR2004 - the bound of the schema


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command about a schedule."""
    if isinstance(body, CreateSchedule):
        _create(books, key, body)
    else:
        _step(books, (key[0], body.schedule_id), body)
    books.touched.add(key[0])
    return ACCEPTED


def _create(books: Books, key: ThingKey, body: CreateSchedule) -> None:
    if key in books.schedules:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
    if body.kind is ScheduledKind.WITHDRAWAL and body.reference not in RAILS:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    check_debit(books.wallets[key[0]], body.currency)
    mine = [each for owner, each in books.schedules.items() if owner[0] == key[0]]
    if sum(1 for each in mine if each.state in STEPS[CancelSchedule][1]) >= MOST:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "schedules")
    books.schedules[key] = Schedule(body.currency)


def _step(books: Books, key: ThingKey, body: Later) -> None:
    found = books.schedules.get(key)
    after, allowed = STEPS[type(body)]
    if found is None or found.state not in allowed:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if isinstance(body, ResumeSchedule):
        check_debit(books.wallets[key[0]], found.currency)
    found.state = after


def _check(holds: bool) -> None:  # noqa: FBT001 - the thing that is said
    if not holds:
        raise Refused(RejectionReason.MALFORMED_FIELD)
