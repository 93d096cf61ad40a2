"""What a customer scheduled is paid when it is due, by the scheduler job, on the real broker."""

import time

import pytest

from ingress.sdk import (
    CancelSchedule,
    CreateSchedule,
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
RENT, WATER = 12_50, 3_00
TRANSFER = ScheduledKind.TRANSFER


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


def states(ledger, wallet_id, *names):
    ledger.catch_up()
    rows = ledger.witness.view(HOME).schedules
    return [rows.get((wallet_id, name)).state for name in names]


def schedule(ledger, payer, payee, now):
    """One soon, one that is late, one that is too much, and one that is cancelled in time."""
    for name, amount, first_at, recurrence, stop_after in (
        ("once", RENT, now + 5 * SECOND_US, Recurrence.ONCE, 0),
        ("late", WATER, now - HOUR_US, Recurrence.DAILY, 0),
        ("much", 900_00, now - HOUR_US, Recurrence.WEEKLY, 1),
        ("never", 7_00, now + 8 * SECOND_US, Recurrence.DAILY, 0),
    ):
        what = (TRANSFER, payee, "EUR", amount, first_at, recurrence)
        ledger.accepted(payer, CreateSchedule(*what, stop_after=stop_after), command_id=name)
    ledger.accepted(payer, CancelSchedule("never", "changed my mind"))


def test_scheduled_payments_are_made(ledger, scheduling):
    del scheduling
    payer = ledger.open(partition=HOME, fund=100_00)
    payee = ledger.open(partition=AWAY)
    schedule(ledger, payer, payee, time.time_ns() // 1_000)

    ends = {(name, 1, Stage.FINAL) for name in ("once", "late", "much")}
    ledger.wait_for("all answers", lambda: ends <= told(ledger, payer).keys(), PAID_S)
    expected = [ScheduleState.COMPLETED, ScheduleState.ACTIVE, ScheduleState.PAUSED]
    ledger.wait_for(
        "every schedule to stand where it should",
        lambda: states(ledger, payer, "once", "late", "much") == expected,
    )
    history = told(ledger, payer)
    assert history["once", 1, Stage.PENDING] is None  # it went to another partition
    assert (history["once", 1, Stage.FINAL], history["late", 1, Stage.FINAL]) == (None, None)
    assert history["much", 1, Stage.FINAL] is RejectionReason.INSUFFICIENT_FUNDS
    assert {name for name, _, _ in history} == {"once", "late", "much"}
    spent = sum(each + fee_of(FeeFlow.TRANSFER, each) for each in (RENT, WATER))
    assert ledger.balances(payer) == {"W.AVL": 100_00 - spent}
    ledger.wait_for("the money", lambda: ledger.balances(payee) == {"W.AVL": RENT + WATER})
