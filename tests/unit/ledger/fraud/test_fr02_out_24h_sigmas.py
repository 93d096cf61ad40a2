"""FR02: money of 24 hours, in hundredths of a deviation above the mean of days."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, place_hold, topped_up, void, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "out_24h_sigmas"
SPENT = (100, 200, 100, 200, 100, 200)  # mean 150, deviation 50


def after(*days, low=301):
    steps = []
    for amount in days:
        steps += [pay("alice", "bob", amount), waited(DAY)]
    people = (opened("alice", "bob"), topped_up("alice", 10_000))
    return given(*people, *steps, rig=watching(FEATURE, low))


@pytest.mark.parametrize(
    ("amount", "value", "verdict"),
    [
        (149, 0, accepted()),
        (150, 0, accepted()),
        (151, 2, accepted()),
        (300, 300, accepted()),
        (301, 302, BLOCKED),
        (400, 500, BLOCKED),
    ],
)
def test_value_against_band(amount, value, verdict):
    after(*SPENT).when(pay("alice", "bob", amount)).then(verdict, saw(value))


@pytest.mark.parametrize(("days", "value"), [(SPENT[:4], None), (SPENT[:5], 0)])
def test_fewer_than_five_days_with_spending_have_no_value(days, value):
    after(*days).when(pay("alice", "bob", 1)).then(accepted(), saw(value))


def test_days_all_alike_have_no_value():
    start = after(*[100] * 6)
    start.when(pay("alice", "bob", 101)).then(accepted(), saw(None))


def test_days_without_spending_are_not_days():
    start = after(*SPENT)
    start.rig.wait(3 * DAY)
    start.when(pay("alice", "bob", 300)).then(accepted(), saw(300))


@pytest.mark.parametrize(("later", "value"), [(25 * DAY, 0), (26 * DAY, None)])
def test_a_day_leaves_after_thirty_more(later, value):
    """Of five days the first is 30 before the attempt, or 31."""
    start = after(*SPENT[:5])
    start.rig.wait(later)
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(value))


def test_all_of_the_24_hours_counts():
    start = after(*SPENT)
    start.when(pay("alice", "bob", 200)).then(accepted(), saw(100))
    start.when(pay("alice", "bob", 100)).then(accepted(), saw(300))
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(302))


def test_a_voided_hold_was_not_spent():
    start = after(*SPENT)
    start.when(place_hold("alice", "bob", 300)).then(accepted())
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 300)).then(accepted(), saw(300))
