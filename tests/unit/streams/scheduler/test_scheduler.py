"""What is scheduled is paid when it is due, by a job that only asks and only believes the log."""

import random

import pytest

from schemas.codec import decode
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
from schemas.messages.vocabulary import (
    Authority,
    Outcome,
    Recurrence,
    RejectionReason,
    ScheduledKind,
    StatusAction,
)
from tests.unit.streams.scheduler.town import DAY_US, HOUR_US, Town

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
    town.writer.log[town.read :] = [second, first]  # as if the answer came behind the cancel
    town.live()
    assert town.told() == [(1, None, 0)]


def story(town, turn):
    """Two weeks of four schedules; `turn` says how the job keeps up."""
    town.schedule("rent", first_at=town.now() + HOUR_US)
    town.schedule("gym", amount=7, first_at=town.now() + 3 * HOUR_US, count=4, every=2)
    town.schedule("car", amount=50_000, stop_after=3, first_at=town.now() + 5 * HOUR_US)
    town.schedule("tea", amount=3, recurrence=Recurrence.WEEKLY, stop_after=1)
    for day in range(14):
        for _ in range(4):
            town.writer.at += 6 * HOUR_US
            turn(town)
        if day == 8:
            town.live()
            town.writer.at += HOUR_US // 2
            town.command(CancelSchedule("rent"), "enough")
    town.live()
    return town


def broken(seed):
    """A job that is away, is cut off half-way, or whose orders come twice."""
    dice = random.Random(seed)

    def turn(town):
        town.ledger()
        if dice.random() < 0.4:
            return
        town.follow(dice.randrange(1, 9))
        if town.read == len(town.writer.log):
            town.fire(town.now())
        if dice.random() < 0.3:
            town.recover()  # nothing of the group was written
        seen = dice.choice((None, None, 0, 1, -1))
        town.commit(seen)
        if seen is not None or dice.random() < 0.2:
            town.recover()
        again = dice.sample(town.orders, min(2, len(town.orders)))
        town.deliver()
        for value, key in again:
            town.writer.say(value, key, "job.commands.v1")

    return turn


PROMPT = story(Town(), Town.live)


@pytest.mark.parametrize("seed", range(30))
def test_in_whatever_batches_it_comes_each_is_paid_once(seed):
    town = Town()
    story(town, broken(seed))
    town.recover()
    town.live()
    assert sorted(town.paid()) == sorted(PROMPT.paid())
    assert [town.has(each) for each in ("ann", "bob")] == [PROMPT.has("ann"), PROMPT.has("bob")]
    for name in ("rent", "gym", "car", "tea"):
        mine = [each for each in town.paid() if each.startswith(name)]
        assert mine == [f"{name}:{number}" for number in range(1, len(mine) + 1)]
        assert town.state(name) == PROMPT.state(name)


def test_the_story_is_about_something():
    assert [PROMPT.state(each) for each in ("rent", "gym", "car", "tea")] == [
        *("CANCELLED", "COMPLETED", "PAUSED", "ACTIVE"),
    ]
    assert len(PROMPT.paid()) == 9 + 4 + 2


def test_its_state_is_the_fold_of_its_log():
    town = story(Town(), Town.live)
    rows = town.rows
    town.bind()
    assert town.rows == rows
    assert rows
