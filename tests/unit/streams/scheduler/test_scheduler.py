"""What is scheduled is paid when it is due, by a job that only asks and only believes the log."""

import pytest

from schemas.codec import decode, encode
from schemas.messages.commands import (
    CancelSchedule,
    ChangeWalletStatus,
    CompleteSchedule,
    PauseSchedule,
    PayBill,
    ResumeSchedule,
    ScheduleIsActive,
    Transfer,
    WalletCommand,
    Withdraw,
)
from schemas.messages.control import ActivatePolicy, Control
from schemas.messages.policy import Zone, ZoneTransition
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    Recurrence,
    RejectionReason,
    ScheduledKind,
    StatusAction,
)
from streams.runtime.job import InputRecord
from streams.scheduler.job import SchedulerJob
from tests.support.builders import policy
from tests.unit.streams.scheduler.town import DAY_US, HOUR_US, Town
from topics.catalog import CONTROL, EVENTS

PAID = Transfer("bob", "EUR", 100)
FREEZE = ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.CUSTOMER)
UNFREEZE = ChangeWalletStatus(StatusAction.UNFREEZE, Authority.CUSTOMER)


def test_nothing_is_paid_before_it_is_due():
    town = Town()
    town.schedule()
    town.wait(HOUR_US - 1)
    assert town.orders == []
    town.wait(1)
    assert town.ordered() == [("rent:1", PAID)]
    assert town.has("bob") == 100


def test_a_payment_asks_that_its_schedule_is_active_and_says_when_it_was_due():
    town = Town()
    town.schedule()
    due = town.now() + HOUR_US
    town.wait()
    command = decode(WalletCommand, town.orders[0][0])
    assert command.conditions == (ScheduleIsActive("rent"),)
    assert command.issued_at == due


def test_every_occurrence_is_told_and_after_the_last_the_schedule_is_complete():
    town = Town()
    town.schedule(count=3)
    due = town.now() + HOUR_US
    town.wait(times=4)
    assert town.ordered() == [
        *[(f"rent:{number}", PAID) for number in (1, 2, 3)],
        ("rent:done-0", CompleteSchedule("rent")),
    ]
    assert town.told() == [(1, None, 0), (2, None, 0), (3, None, 0)]
    assert [each.due for each in town.history] == [due + day * DAY_US for day in range(3)]
    assert (town.has("bob"), town.state()) == (300, "COMPLETED")
    assert town.books.schedules.get(("ann", "rent")) is None
    assert (town.books.dues.first(1), town.books.given.get(("ann", "rent:3"))) == ([], None)


@pytest.mark.parametrize(
    ("kind", "payee", "reference", "body"),
    [
        (ScheduledKind.TRANSFER, "bob", "", Transfer("bob", "EUR", 100)),
        (ScheduledKind.BILL, "water", "2026/11", PayBill("water", "EUR", 100, "2026/11")),
        (ScheduledKind.WITHDRAWAL, "bank", "ach", Withdraw("EUR", 100, "ach", "bank")),
    ],
)
def test_what_is_paid(kind, payee, reference, body):
    town = Town()
    town.schedule(kind=kind, payee=payee, reference=reference, recurrence=Recurrence.ONCE)
    town.wait()
    assert town.ordered()[0] == ("rent:1", body)
    assert (town.has("ann"), town.state()) == (39_900, "COMPLETED")
    assert town.told() == [(1, None, 0)]


def test_a_job_that_was_away_asks_for_everything_that_it_missed_in_order():
    town = Town()
    town.schedule("rent")
    town.schedule("gym", amount=7, first_at=town.now() + 2 * HOUR_US, count=2)
    town.writer.at += 4 * DAY_US
    town.live()
    assert [each for each in town.names() if "done" not in each] == [
        *("rent:1", "gym:1", "rent:2", "gym:2", "rent:3", "rent:4"),
    ]
    assert (town.has("bob"), town.state("gym")) == (414, "COMPLETED")
    assert town.paid() == town.names()[:6]


def test_what_is_long_late_is_refused_and_told():
    town = Town()
    town.schedule(recurrence=Recurrence.MONTHLY, stop_after=2)
    town.writer.at += 40 * DAY_US
    town.live()
    assert town.told() == [(1, "STALE_COMMAND", 1), (2, None, 0)]


@pytest.mark.parametrize(
    ("body", "found"), [(CancelSchedule, "CANCELLED"), (PauseSchedule, "PAUSED")]
)
def test_no_payment_that_was_asked_for_overtakes_a_cancel(body, found):
    """The job fired on time, and had not yet read what the ledger had accepted before."""
    town = Town()
    town.schedule()
    town.writer.at += HOUR_US
    town.writer.command("ann", body("rent"), "now")
    town.fire(town.now())
    town.commit()
    assert town.names() == ["rent:1"]
    town.live()
    assert (town.has("bob"), town.state()) == (0, found)
    assert town.told() == [(1, "CONDITION_FAILED", 0)]
    assert town.history[0].detail == f"conditions[0]: schedule rent is {found}"


def test_an_occurrence_that_met_a_pause_is_not_asked_for_again():
    town = Town()
    town.schedule()
    town.writer.at += HOUR_US
    town.writer.command("ann", PauseSchedule("rent"), "pause")
    town.writer.command("ann", ResumeSchedule("rent"), "resume")
    town.fire(town.now() + 1)
    town.commit()
    town.live()
    town.wait()
    assert town.names() == ["rent:1", "rent:2"]
    assert town.has("bob") == 200


def test_the_last_occurrence_before_a_pause_completes_after_it():
    town = Town()
    town.schedule(count=1)
    town.writer.at += HOUR_US
    town.fire(town.now())
    town.commit()
    town.deliver()
    town.writer.command("ann", PauseSchedule("rent"), "pause")
    town.live()
    assert (town.has("bob"), town.state()) == (100, "PAUSED")
    town.command(ResumeSchedule("rent"), "resume")
    assert town.state() == "COMPLETED"
    assert town.has("bob") == 100


def test_an_order_sent_twice_does_nothing():
    town = Town()
    town.schedule(count=1)
    town.wait()
    history = list(town.history)
    for value, key in list(town.orders):
        decision = town.writer.say(value, key, "job.commands.v1")
        assert decision.outcome is Outcome.DUPLICATE
    town.live()
    assert (town.history, town.has("bob")) == (history, 100)


def test_what_somebody_else_does_under_an_id_like_ours_is_none_of_its_business():
    town = Town()
    town.schedule()
    town.writer.at += HOUR_US
    town.fire(town.now())
    town.commit()
    refused = town.writer.command("ann", PauseSchedule("gym"), "rent:1")
    assert refused.reason is RejectionReason.INVALID_TRANSITION
    town.live()
    assert town.told() == [(1, "IDEMPOTENCY_MISMATCH", 1)]
    town.wait()
    assert town.told()[1:] == [(2, None, 0)]
    assert (town.has("bob"), town.state()) == (100, "ACTIVE")


def test_what_was_paid_by_hand_under_its_id_is_not_paid_again():
    town = Town()
    town.schedule(count=1)
    by_hand = town.writer.command("ann", PAID, "rent:1", conditions=(ScheduleIsActive("rent"),))
    assert by_hand.outcome is Outcome.ACCEPTED
    town.wait()
    assert town.history[0].outcome is Outcome.DUPLICATE
    assert (town.told(), town.has("bob")) == ([(1, None, 0)], 100)
    assert town.state() == "COMPLETED"


def test_the_answer_to_a_schedule_that_is_over_is_told_too():
    town = Town()
    town.schedule()
    town.writer.at += HOUR_US
    town.fire(town.now())
    town.commit()
    town.deliver()
    town.writer.command("ann", CancelSchedule("rent"), "enough")
    town.ledger()
    first, second = town.writer.log[town.read :]
    steps = SchedulerJob(town.policy).open(town.overlay, 0)
    for each in (second, first):  # as if the answer came behind the cancel
        record = InputRecord(EVENTS.name, 0, each.offset, town.now(), each.key, each.value)
        town.send(steps.step(record))
    assert town.told() == [(1, None, 0)]


def test_another_zone_is_heeded_from_the_next_occurrence_but_one_on():
    town = Town()
    town.schedule()
    first = town.now() + HOUR_US
    zone = Zone("Atlantic/Azores", "test", (ZoneTransition(0, 7_200), ZoneTransition(first + 1, 0)))
    body = ActivatePolicy(policy(version="moved", zone=zone))
    control = encode(Control("zone", town.now(), "ops", body, "bea"))
    town.writer.say(control, b"0", CONTROL.name)
    town.live()
    town.wait(times=4)
    hours = [(each.due - first) // HOUR_US for each in town.history]
    assert hours == [0, 26, 50, 74]
