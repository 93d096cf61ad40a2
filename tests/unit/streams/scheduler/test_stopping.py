"""What is refused, paused, cancelled or closed, and when a schedule goes on."""

import pytest

from schemas.messages.commands import (
    CancelSchedule,
    ChangeWalletStatus,
    CompleteSchedule,
    PauseSchedule,
    ResolveReview,
    ResumeSchedule,
    Transfer,
)
from schemas.messages.vocabulary import (
    Authority,
    ReviewVerdict,
    Stage,
    StatusAction,
)
from tests.unit.ledger.rigs import REVIEW_NEW
from tests.unit.streams.scheduler.town import DAY_US, HOUR_US, Town
from topics.catalog import JOB_COMMANDS

PAID = Transfer("bob", "EUR", 100)
FREEZE = ChangeWalletStatus(StatusAction.FREEZE_DEBIT, Authority.CUSTOMER)
UNFREEZE = ChangeWalletStatus(StatusAction.UNFREEZE, Authority.CUSTOMER)


def test_a_refused_occurrence_does_not_stop_its_schedule():
    town = Town(funds=150)
    town.schedule()
    town.wait(times=3)
    assert town.told() == [
        (1, None, 0),
        (2, "INSUFFICIENT_FUNDS", 1),
        (3, "INSUFFICIENT_FUNDS", 2),
    ]
    assert (town.has("bob"), town.state()) == (100, "ACTIVE")
    town.writer.command("bob", Transfer("ann", "EUR", 100), "back")
    town.wait()
    assert town.told()[3:] == [(4, None, 0)]


def test_so_many_refusals_in_a_row_pause_it():
    town = Town(funds=150)
    town.schedule(stop_after=2)
    town.wait(times=5)
    why = "2 refusals in a row, the last INSUFFICIENT_FUNDS"
    assert town.ordered()[3:] == [("rent:3-pause", PauseSchedule("rent", why))]
    assert town.state() == "PAUSED"
    town.command(Transfer("ann", "EUR", 100), "back", "bob")
    town.command(ResumeSchedule("rent"), "again")
    town.wait(times=3)
    assert town.told()[3:] == [
        (6, None, 0),
        (7, "INSUFFICIENT_FUNDS", 1),
        (8, "INSUFFICIENT_FUNDS", 2),
    ]
    assert (town.names()[-1], town.state()) == ("rent:8-pause", "PAUSED")


def test_a_refusal_between_payments_does_not_pause_it():
    town = Town(funds=150)
    town.schedule(stop_after=2)
    town.wait(times=2)
    town.command(Transfer("ann", "EUR", 100), "back", "bob")
    town.wait(times=2)
    assert town.told() == [
        (1, None, 0),
        (2, "INSUFFICIENT_FUNDS", 1),
        (3, None, 0),
        (4, "INSUFFICIENT_FUNDS", 1),
    ]
    assert town.state() == "ACTIVE"


def test_a_job_that_was_away_stops_after_as_many_refusals_as_ever():
    town = Town(funds=150)
    town.schedule(stop_after=2)
    town.writer.at += 20 * DAY_US
    town.live()
    assert town.names() == ["rent:1", "rent:2", "rent:3", "rent:3-pause"]
    assert town.state() == "PAUSED"


def test_what_falls_due_in_a_pause_is_left_out():
    town = Town()
    town.schedule(count=5)
    town.wait()
    town.command(PauseSchedule("rent"), "pause")
    town.wait(times=2)
    town.command(ResumeSchedule("rent"), "resume")
    town.wait(times=3)
    assert town.paid() == ["rent:1", "rent:4", "rent:5"]
    assert town.state() == "COMPLETED"


def test_a_schedule_whose_end_fell_in_a_pause_completes_when_it_is_resumed():
    town = Town()
    town.schedule(count=2)
    town.command(PauseSchedule("rent"), "pause")
    town.wait(times=4)
    assert town.names() == []
    town.command(ResumeSchedule("rent"), "resume")
    assert town.ordered() == [("rent:done-1", CompleteSchedule("rent"))]
    assert town.state() == "COMPLETED"


def test_a_cancelled_schedule_pays_no_more():
    town = Town()
    town.schedule()
    town.wait()
    town.command(CancelSchedule("rent"), "enough")
    town.wait(times=3)
    assert town.paid() == town.names() == ["rent:1"]
    assert (town.state(), town.books.dues.first(1)) == ("CANCELLED", [])


def test_a_blocked_wallet_is_asked_again_next_time():
    town = Town()
    town.schedule()
    town.command(FREEZE, "freeze")
    town.wait()
    town.command(UNFREEZE, "unfreeze")
    town.wait()
    assert town.told() == [(1, "DEBIT_BLOCKED", 1), (2, None, 0)]


def test_a_closed_wallet_has_no_schedules():
    town = Town(funds=0)
    town.schedule()
    close = ChangeWalletStatus(StatusAction.CLOSE, Authority.CUSTOMER)
    town.command(close, "close")
    town.wait(times=3)
    assert town.ordered()[1:] == [("rent:1-end", CancelSchedule("rent", "the wallet is closed"))]
    assert (town.told(), town.state()) == ([(1, "WALLET_NOT_ACTIVE", 1)], "CANCELLED")


@pytest.mark.parametrize(
    ("verdict", "told", "state"),
    [
        (ReviewVerdict.APPROVE, (1, None, 0), "ACTIVE"),
        (ReviewVerdict.REJECT, (1, "RISK_REVIEW", 1), "PAUSED"),
    ],
)
def test_an_occurrence_that_waits_for_a_reviewer_is_answered_twice(verdict, told, state):
    town = Town(rules=REVIEW_NEW)
    town.schedule(stop_after=1)
    town.wait(HOUR_US)
    assert [(each.number, each.stage) for each in town.history] == [(1, Stage.PENDING)]
    town.command(ResolveReview("rent:1", verdict, "ann"), "seen")
    assert town.told() == [(1, None, 0), told]
    assert town.history[-1].stage is Stage.FINAL
    assert town.state() == state
    assert town.books.given.get(("ann", "rent:1")) is None


def test_the_last_occurrence_completes_the_schedule_once_the_reviewer_has_said():
    town = Town(rules=REVIEW_NEW)
    town.schedule(count=1)
    town.wait(HOUR_US)
    assert (town.names(), town.state()) == (["rent:1"], "ACTIVE")
    town.command(ResolveReview("rent:1", ReviewVerdict.APPROVE, "ann"), "seen")
    assert (town.names(), town.state()) == (["rent:1", "rent:done-0"], "COMPLETED")
    assert town.told() == [(1, None, 0), (1, None, 0)]
    assert town.has("bob") == 100


def test_an_order_that_comes_twice_does_not_hide_how_it_ends():
    town = Town(rules=REVIEW_NEW)
    town.schedule(stop_after=1)
    town.wait(HOUR_US)
    value, key = town.orders[0]
    town.writer.say(value, key, JOB_COMMANDS.name)
    town.live()
    assert [(each.number, each.stage) for each in town.history] == [(1, Stage.PENDING)]
    town.command(ResolveReview("rent:1", ReviewVerdict.REJECT, "ann"), "seen")
    assert (town.told()[-1], town.state()) == ((1, "RISK_REVIEW", 1), "PAUSED")
