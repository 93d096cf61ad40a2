"""FR08: whole days since the owner last did something."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "days_dormant"


def after(*steps):
    people = (opened("alice", "bob"), topped_up("alice", 1_000), topped_up("bob", 1_000))
    return given(*people, *steps, rig=watching(FEATURE, 90))


@pytest.mark.parametrize(
    ("pause", "value", "verdict"),
    [
        (0, 0, accepted()),
        (DAY - 1, 0, accepted()),
        (90 * DAY - 1, 89, accepted()),
        (90 * DAY, 90, BLOCKED),
        (90 * DAY + 1, 90, BLOCKED),
    ],
)
def test_value_against_band(pause, value, verdict):
    after(waited(pause)).when(pay("alice", "bob", 1)).then(verdict, saw(value))


def test_a_wallet_that_only_was_opened_counts_from_there():
    start = given(
        opened("alice", "bob"), topped_up("bob", 10), waited(DAY), rig=watching(FEATURE, 90)
    )
    start.when(pay("bob", "alice", 5)).then(accepted())
    start.rig.wait(DAY)
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(2))


@pytest.mark.parametrize("step", [topped_up("alice", 1), pay("alice", "bob", 1)])
def test_the_owners_own_acts_wake_it(step):
    start = after(waited(50 * DAY), step, waited(50 * DAY))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(50))


def test_a_refused_attempt_wakes_it_too():
    start = after(waited(95 * DAY))
    start.when(pay("alice", "bob", 1)).then(BLOCKED)
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(0))


def test_what_others_pay_does_not():
    start = after(waited(50 * DAY), pay("bob", "alice", 1), waited(50 * DAY))
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(100))
