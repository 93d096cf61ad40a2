"""FR06: how many of the last 3 amounts to a payee are within 10 % of this one."""

import pytest

from tests.support.given import accepted, given, opened, pay, topped_up
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "similar_to_payee"


def after(*amounts):
    people = (opened("alice", "bob", "carl"), topped_up("alice", 10_000))
    steps = [pay("alice", "bob", each) for each in amounts]
    return given(*people, *steps, rig=watching(FEATURE, 2))


@pytest.mark.parametrize(
    ("before", "value", "verdict"),
    [
        ((), 0, accepted()),
        ((50, 100), 1, accepted()),
        ((90, 110), 2, BLOCKED),
        ((50, 110, 90), 2, BLOCKED),
    ],
)
def test_value_against_band(before, value, verdict):
    after(*before).when(pay("alice", "bob", 100)).then(verdict, saw(value))


@pytest.mark.parametrize(("before", "value"), [(89, 0), (90, 1), (110, 1), (111, 0)])
def test_the_tolerance_is_ten_percent_of_this_amount(before, value):
    after(before).when(pay("alice", "bob", 100)).then(accepted(), saw(value))


def test_only_the_last_three_count():
    start = after(100, 150, 200, 250)
    start.when(pay("alice", "bob", 100)).then(accepted(), saw(0))


def test_amounts_to_others_do_not_count():
    after(100, 150).when(pay("alice", "carl", 100)).then(accepted(), saw(0))


def test_three_equal_amounts_are_three():
    start = after(100)
    start.when(pay("alice", "bob", 105)).then(accepted(), saw(1))
    start.when(pay("alice", "bob", 100)).then(BLOCKED, saw(2))
