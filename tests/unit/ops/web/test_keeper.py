"""Keeper: asked once for everybody, never waited for longer than a page may take."""

from threading import Event, Thread

import pytest

from ops.web.keeper import LATE_S, Away, Keeper
from sinks.errors import StoreAway


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Slow:
    """A server that answers when it is told to."""

    def __init__(self):
        self.asked = 0
        self.may_answer = Event()
        self.answered = Event()

    def __call__(self):
        self.asked += 1
        assert self.may_answer.wait(30)
        self.answered.set()
        return self.asked


@pytest.fixture
def clock():
    return Clock()


def test_an_answer_is_kept_for_its_time_and_then_asked_for_again(clock):
    answers = iter("abc")
    keeper = Keeper("x", lambda: next(answers), 5.0, clock=clock)
    assert [keeper.known(), keeper.known()] == ["a", "a"]
    clock.now = 4.9
    assert keeper.known() == "a"
    clock.now = 5.0
    assert keeper.known() == "b"


def test_many_who_ask_at_once_are_one_question(clock):
    slow, told = Slow(), []
    keeper = Keeper("x", slow, 5.0, patience_s=30, clock=clock)
    windows = [Thread(target=lambda: told.append(keeper.known())) for _ in range(5)]
    for each in windows:
        each.start()
    slow.may_answer.set()
    for each in windows:
        each.join(30)
    assert (told, slow.asked) == ([1] * 5, 1)


def test_a_first_answer_that_does_not_come_is_told_as_trouble(clock):
    slow = Slow()
    keeper = Keeper("postgres", slow, 5.0, patience_s=0, clock=clock)
    assert keeper.told().trouble == "postgres has not answered for 0 s"
    with pytest.raises(Away, match="postgres has not answered"):
        keeper.known()
    assert slow.asked == 1
    slow.may_answer.set()


def test_the_old_answer_is_shown_while_a_new_one_may_come_and_then_no_more(clock):
    slow = Slow()
    slow.may_answer.set()
    keeper = Keeper("postgres", slow, 5.0, patience_s=30, clock=clock)
    assert keeper.known() == 1
    slow.may_answer.clear()
    keeper = _impatient(keeper, slow, clock)
    clock.now += 5.0
    assert keeper.known() == 2
    clock.now += LATE_S
    assert keeper.told().trouble == f"postgres has not answered for {LATE_S:.0f} s"
    slow.may_answer.set()


def _impatient(keeper, slow, clock):
    """The same server behind a keeper that has an answer and waits for no other."""
    slow.may_answer.set()
    fresh = Keeper("postgres", slow, 5.0, patience_s=1e-3, clock=clock)
    while fresh.told().value is None:
        assert slow.answered.wait(30)
    slow.may_answer.clear()
    return fresh


def test_a_server_that_is_away_and_a_question_that_fails_are_told_apart(clock):
    def away():
        raise StoreAway("no route")

    def bug():
        raise KeyError("amount")

    assert Keeper("redis", away, 1, clock=clock).told().trouble == "redis is away: no route"
    told = Keeper("redis", bug, 1, clock=clock).told()
    assert told.trouble == "redis could not be read: KeyError: 'amount'"
    assert told.value is None


def test_after_trouble_the_next_answer_is_shown(clock):
    answers = [StoreAway("gone"), "back"]

    def ask():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    keeper = Keeper("redis", ask, 1.0, clock=clock)
    assert keeper.told().trouble == "redis is away: gone"
    clock.now = 1.0
    assert keeper.known() == "back"
