"""FR03: the amount in percent of the largest of the last 90 days."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, place_hold, topped_up, void
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "amount_to_max_90d"


def after(*amounts):
    people = (opened("alice", "bob"), topped_up("alice", 10_000))
    steps = [pay("alice", "bob", each) for each in amounts]
    return given(*people, *steps, rig=watching(FEATURE, 151))


@pytest.mark.parametrize(
    ("amount", "value", "verdict"),
    [(149, 149, accepted()), (150, 150, accepted()), (151, 151, BLOCKED), (500, 500, BLOCKED)],
)
def test_value_against_band(amount, value, verdict):
    after(10, 100, 20, 100, 30).when(pay("alice", "bob", amount)).then(verdict, saw(value))


def test_a_part_of_a_percent_is_left_out():
    after(*[3] * 5).when(pay("alice", "bob", 4)).then(accepted(), saw(133))


@pytest.mark.parametrize(("count", "value"), [(4, None), (5, 100)])
def test_fewer_than_five_payments_have_no_value(count, value):
    after(*[7] * count).when(pay("alice", "bob", 7)).then(accepted(), saw(value))


@pytest.mark.parametrize(("later", "value"), [(90 * DAY, 1), (91 * DAY, None)])
def test_a_day_leaves_after_ninety_more(later, value):
    start = after(*[100] * 5)
    start.rig.wait(later)
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(value))


def test_a_smaller_later_day_counts_when_the_larger_has_left():
    start = after(100, 100, 100, 100)
    start.rig.wait(DAY)
    start.when(pay("alice", "bob", 60)).then(accepted(), saw(None))
    start.rig.wait(89 * DAY)
    start.when(pay("alice", "bob", 30)).then(accepted(), saw(30))
    start.rig.wait(DAY)
    start.when(pay("alice", "bob", 30)).then(accepted(), saw(50))


def test_what_was_refused_is_no_amount():
    start = after(*[10] * 5)
    start.when(pay("alice", "bob", 100)).then(BLOCKED)
    start.when(pay("alice", "bob", 10)).then(accepted(), saw(100))


def test_a_voided_hold_stays_what_was_tried():
    start = after(*[10] * 5)
    start.when(place_hold("alice", "bob", 15)).then(accepted())
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 15)).then(accepted(), saw(100))
