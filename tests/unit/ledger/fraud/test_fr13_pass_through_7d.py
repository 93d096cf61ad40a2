"""FR13: money out in thousandths of money in, this day and the 7 before it."""

import pytest

from tests.support.bank import returned, submitted
from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, place_hold, topped_up, void, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "pass_through_7d"


def after(*steps, ins=5, outs=4):
    people = (opened("alice", "bob"), *[topped_up("alice", 200)] * ins)
    paid = [pay("alice", "bob", 200)] * outs
    return given(*people, *paid, *steps, rig=watching(FEATURE, 900, 1_001))


@pytest.mark.parametrize(
    ("amount", "value", "verdict"),
    [
        (99, 899, accepted()),
        (100, 900, BLOCKED),
        (200, 1_000, BLOCKED),
    ],
)
def test_value_against_band(amount, value, verdict):
    after().when(pay("alice", "bob", amount)).then(verdict, saw(value))


def test_more_out_than_in_is_not_passing_through():
    start = after(waited(8 * DAY), *[topped_up("alice", 1)] * 5, outs=0)
    for _ in range(4):
        start.when(pay("alice", "bob", 1)).then(accepted(), saw(None))
    start.when(pay("alice", "bob", 2)).then(accepted(), saw(1_200))


@pytest.mark.parametrize(("ins", "outs"), [(4, 3), (5, 3)])
def test_fewer_than_five_in_or_out_have_no_value(ins, outs):
    start = after(ins=ins, outs=outs)
    start.when(pay("alice", "bob", 200)).then(accepted(), saw(None))


@pytest.mark.parametrize(("later", "value"), [(7 * DAY, 900), (8 * DAY, None)])
def test_a_day_leaves_after_seven_more(later, value):
    after(waited(later)).when(pay("alice", "bob", 100)).then(saw(value))


def test_money_that_came_back_did_not_go():
    start = after()
    start.when(place_hold("alice", "bob", 99)).then(accepted())
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 99)).then(accepted(), saw(899))


@pytest.mark.parametrize("later", [0, DAY, 7 * DAY])
def test_a_top_up_that_the_bank_took_back_did_not_come(later):
    start = after(submitted("alice", 1_000), waited(later), topped_up("alice", 8))
    start.when(pay("alice", "bob", 107)).then(accepted(), saw(907 * 1_000 // 2_008))
    start.when(returned("alice")).then(accepted())
    start.when(pay("alice", "bob", 1)).then(BLOCKED, saw(908 * 1_000 // 1_008))


def test_one_taken_back_when_its_day_has_left_changes_nothing():
    start = after(submitted("alice", 1_000), waited(8 * DAY), *[topped_up("alice", 10)] * 5, outs=0)
    start.when(returned("alice")).then(accepted())
    for _ in range(4):
        start.when(pay("alice", "bob", 1)).then(accepted(), saw(None))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(100))


@pytest.mark.parametrize("later", [0, DAY])
def test_nor_is_it_counted(later):
    steps = (waited(later), topped_up("alice", 200), pay("alice", "bob", 1))
    start = after(submitted("alice", 1_000), *steps, ins=3, outs=3)
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(602 * 1_000 // 1_800))
    start.when(returned("alice")).then(accepted())
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(None))
