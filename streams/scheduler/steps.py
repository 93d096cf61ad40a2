"""The schedules of one partition: the log of Decisions in, commands and their history out.

Owns: what each Decision and each due time leads to.
Never: asks for an occurrence twice, or believes that it was paid before the log says so.

A schedule that is to stop after refusals has one occurrence unanswered at a time: a job that was
away would else ask for all that was missed before it heard the first refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.calendar import Calendar
from ledger.results import endings_of, results_of
from schemas.codec import decode, encode
from schemas.messages.decisions import Decision
from schemas.messages.events import PolicyActivated, ScheduleMoved
from schemas.messages.policy import Policy
from schemas.messages.results import Result
from schemas.messages.rows import ScheduleRow
from schemas.messages.scheduler import GivenRow, OccurrenceAnswer, ScheduledRow
from schemas.messages.vocabulary import (
    Outcome,
    RejectionReason,
    ScheduleState,
    Stage,
    WalletStatus,
)
from streams.job_commands import given_by_a_job
from streams.runtime.job import InputRecord, Output
from streams.scheduler import orders
from streams.scheduler.occurrences import NEVER, due_of, number_after
from streams.scheduler.tables import ONE, Books
from topics.catalog import OCCURRENCES

Key = tuple[str, str]  # wallet id, schedule id


@final
class SchedulerSteps:
    """Satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, books: Books, partition: int, genesis: Policy) -> None:
        self._books: Final = books
        self._partition: Final = partition
        self._genesis: Final = genesis

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Follow one Decision."""
        assert record.value is not None, "the log has no record without a value"
        decision = decode(Decision, record.value)
        outputs: list[Output] = []
        ours = given_by_a_job(decision)
        for result in results_of(decision) if ours else endings_of(decision):
            self._answered(result, outputs)
        for event in decision.events:
            if isinstance(event, ScheduleMoved):
                self._moved(event, decision.decided_at, outputs)
            elif isinstance(event, PolicyActivated):
                self._books.policy.put(ONE, event.policy)
        return outputs

    def fire(self, until: int) -> Sequence[Output] | None:
        """Ask for the payment of the first occurrence due."""
        first = self._books.dues.first(1)
        if not first or first[0][0][0] > until:
            return None
        due, wallet_id, schedule_id = first[0][0]
        key = wallet_id, schedule_id
        row = self._books.schedules.get(key)
        assert row is not None, f"an occurrence of {key}, which is no schedule"
        schedule, number = row.schedule, row.number
        name = orders.occurrence_id(schedule_id, number)
        self._books.given.put((wallet_id, name), GivenRow(schedule_id, number, due, pending=False))
        self._books.dues.delete(first[0][0])
        following = self._at_number(row, schedule, number + 1)
        self._books.schedules.put(key, following)
        if schedule.stop_after == 0:
            self._wait(key, following)
        return (orders.pay(self._partition, key, number, due, schedule),)

    def _moved(self, event: ScheduleMoved, at: int, outputs: list[Output]) -> None:
        """Follow a schedule that was created, paused, resumed or ended."""
        key, schedule = (event.wallet_id, event.schedule_id), event.row
        before = self._books.schedules.get(key)
        if before is None:
            before = ScheduledRow(schedule, 1, NEVER, 0, 0)
        elif before.due != NEVER:
            self._books.dues.delete((before.due, *key))
        if schedule.state is ScheduleState.ACTIVE:
            self._begin(event, before, at, outputs)
        elif schedule.state is ScheduleState.PAUSED:
            resting = ScheduledRow(schedule, before.number, NEVER, before.refusals, before.resumed)
            self._books.schedules.put(key, resting)
        else:
            self._books.schedules.delete(key)

    def _begin(
        self, event: ScheduleMoved, before: ScheduledRow, at: int, outputs: list[Output]
    ) -> None:
        """Wait for the first occurrence, or for the first after a pause."""
        schedule, number, resumed = event.row, before.number, before.resumed
        if event.before is ScheduleState.PAUSED:
            number, resumed = number_after(self._calendar(), schedule, number, at), resumed + 1
        row = self._at_number(ScheduledRow(schedule, number, 0, 0, resumed), schedule, number)
        key = event.wallet_id, event.schedule_id
        self._books.schedules.put(key, row)
        self._wait(key, row)
        if row.due == NEVER:
            outputs.append(orders.complete(self._partition, key, resumed, at))

    def _answered(self, result: Result, outputs: list[Output]) -> None:
        """Tell what became of an occurrence, and what follows from it for its schedule."""
        name = result.wallet_id, result.command_id
        given = self._books.given.get(name)
        if given is None or _is_our_own_again(given, result):
            return
        # What somebody else's command has decided under this id ends without us.
        if _is_the_end(result):
            self._books.given.delete(name)
        else:
            self._books.given.put(
                name, GivenRow(given.schedule_id, given.number, given.due, pending=True)
            )
        key = result.wallet_id, given.schedule_id
        row = self._books.schedules.get(key)
        refusals = 0 if row is None else _refusals(row.refusals, result)
        outputs.append(self._told(result, given, refusals))
        if row is None:
            return
        row = ScheduledRow(row.schedule, row.number, row.due, refusals, row.resumed)
        self._books.schedules.put(key, row)
        if row.schedule.state is ScheduleState.ACTIVE:
            self._go_on(key, row, given, result, outputs)

    def _go_on(
        self, key: Key, row: ScheduledRow, given: GivenRow, result: Result, outputs: list[Output]
    ) -> None:
        """End a schedule that cannot or shall not go on, else wait for its next occurrence."""
        partition, number, at = self._partition, given.number, result.decided_at
        if not _is_the_end(result):
            return  # one unanswered at a time, and a review or another partition still answers
        if _is_closed(result):
            outputs.append(orders.cancel(partition, key, number, at, "the wallet is closed"))
        elif _is_refused(result) and 0 < row.schedule.stop_after <= row.refusals:
            assert result.reason is not None, "a refusal has a reason"
            why = f"{row.refusals} refusals in a row, the last {result.reason.name}"
            outputs.append(orders.pause(partition, key, number, at, why))
        elif number != row.number - 1:
            return  # an earlier one, asked for before a pause: a later one is on its way
        elif row.due != NEVER:
            self._wait(key, row)
        else:
            outputs.append(orders.complete(partition, key, row.resumed, at))

    def _wait(self, key: Key, row: ScheduledRow) -> None:
        if row.due != NEVER:
            self._books.dues.put((row.due, *key), b"")

    def _at_number(self, row: ScheduledRow, schedule: ScheduleRow, number: int) -> ScheduledRow:
        due = due_of(self._calendar(), schedule, number)
        return ScheduledRow(schedule, number, due, row.refusals, row.resumed)

    def _calendar(self) -> Calendar:
        policy = self._books.policy.get(ONE) or self._genesis
        return Calendar(policy.zone)

    def _told(self, result: Result, given: GivenRow, refusals: int) -> Output:
        answer = OccurrenceAnswer(
            result.wallet_id,
            given.schedule_id,
            given.number,
            given.due,
            result.command_id,
            result.decided_at,
            result.outcome,
            result.reason,
            result.detail,
            result.stage,
            refusals,
        )
        key = result.wallet_id.encode()
        return Output(OCCURRENCES.name, self._partition, key, encode(answer))


def _refusals(before: int, result: Result) -> int:
    """Return how many were refused in a row; what was paused or is not decided yet says nothing."""
    if _is_refused(result):
        return before + 1
    decided = result.stage is Stage.FINAL and result.reason is None
    return 0 if decided else before


def _is_the_end(result: Result) -> bool:
    return result.stage is Stage.FINAL or result.outcome is Outcome.DUPLICATE


def _is_our_own_again(given: GivenRow, result: Result) -> bool:
    """Tell whether our order came twice: the first was taken, and its end is still to come."""
    return given.pending and result.outcome is Outcome.DUPLICATE


def _is_refused(result: Result) -> bool:
    return result.reason is not None and result.reason is not RejectionReason.CONDITION_FAILED


def _is_closed(result: Result) -> bool:
    closed = WalletStatus.CLOSED.name
    return result.reason is RejectionReason.WALLET_NOT_ACTIVE and result.detail == closed
