"""A job that is away, cut off half-way or read twice pays each occurrence once all the same."""

import random

import pytest

from schemas.messages.commands import (
    CancelSchedule,
)
from schemas.messages.vocabulary import (
    Recurrence,
)
from tests.unit.streams.scheduler.town import HOUR_US, Town


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
