"""What a customer scheduled is paid when it is due, by the scheduler job, on the real broker."""

import time

import pytest

from ingress.sdk import (
    CancelSchedule,
    CreateSchedule,
    Outcome,
    Recurrence,
    ScheduledKind,
)
from ops.reading import read_topic
from ops.rig import start_worker, status_of
from schemas.codec import decode
from schemas.messages.scheduler import OccurrenceAnswer
from schemas.messages.vocabulary import FeeFlow, RejectionReason, ScheduleState, Stage
from tests.support.customers import fee_of
from topics.catalog import OCCURRENCES

NAME = "scheduler-1"
SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
PAID_S = 90.0
HOME, AWAY = 5, 2
RENT, TRANSFER = 12_50, ScheduledKind.TRANSFER


@pytest.fixture
def scheduling(ledger):
    """A worker of the scheduler job beside the ledger's own."""
    env = {"LEDGER_SESSION_TIMEOUT_S": "3", "LEDGER_SNAPSHOT_RECORDS": "300"}
    process = start_worker(ledger.stack, NAME, env, job="scheduler")

    def runs():
        partitions = status_of(ledger.stack, NAME).get("partitions", {})
        states = [each.get("state") for each in partitions.values()]
        return len(states) == ledger.witness.partitions and set(states) == {"running"}

    ledger.wait_for("the scheduler job to run", runs)
    yield process
    process.stop()
    assert [each for each in process.report().exits if each] == []


def told(ledger, wallet_id):
    """The history of a wallet's schedules: what was said of each occurrence."""
    records = read_topic(ledger.kafka, OCCURRENCES.name, [HOME])
    answers = [decode(OccurrenceAnswer, record.value) for record in records]
    return {
        (each.schedule_id, each.number, each.stage): each.reason
        for each in answers
        if each.wallet_id == wallet_id
    }


def test_scheduled_payments_are_made(ledger, scheduling):
    del scheduling
    payer = ledger.open(partition=HOME, fund=100_00)
    payee = ledger.open(partition=AWAY)
    now = time.time_ns() // 1_000

    def schedule(name, amount, first_at, recurrence, **more):
        body = CreateSchedule(TRANSFER, payee, "EUR", amount, first_at, recurrence, **more)
        assert ledger.ask(payer, body, command_id=name).outcome is Outcome.ACCEPTED

    schedule("once", RENT, now + 5 * SECOND_US, Recurrence.ONCE)
    schedule("late", 3_00, now - HOUR_US, Recurrence.DAILY)
    schedule("much", 900_00, now - HOUR_US, Recurrence.WEEKLY, stop_after=1)
    schedule("never", 7_00, now + 8 * SECOND_US, Recurrence.DAILY)
    assert ledger.ask(payer, CancelSchedule("never", "changed my mind")).outcome is Outcome.ACCEPTED

    ends = {("once", 1, Stage.FINAL), ("late", 1, Stage.FINAL), ("much", 1, Stage.FINAL)}
    ledger.wait_for("all answers", lambda: ends <= told(ledger, payer).keys(), PAID_S)

    def states():
        ledger.catch_up()
        view = ledger.witness.view(HOME)
        rows = {name: view.schedules.get((payer, name)) for name in ("once", "late", "much")}
        return [row.state for row in rows.values()]

    expected = [ScheduleState.COMPLETED, ScheduleState.ACTIVE, ScheduleState.PAUSED]
    ledger.wait_for("every schedule to stand where it should", lambda: states() == expected)
    history = told(ledger, payer)
    assert history["once", 1, Stage.PENDING] is None  # it went to another partition
    assert (history["once", 1, Stage.FINAL], history["late", 1, Stage.FINAL]) == (None, None)
    assert history["much", 1, Stage.FINAL] is RejectionReason.INSUFFICIENT_FUNDS
    assert {name for name, _, _ in history} == {"once", "late", "much"}
    spent = sum(each + fee_of(FeeFlow.TRANSFER, each) for each in (RENT, 3_00))
    assert ledger.balances(payer) == {"W.AVL": 100_00 - spent}
    ledger.wait_for("the money", lambda: ledger.balances(payee) == {"W.AVL": RENT + 3_00})
