"""FR24: the largest card top-up of the last hour that came within an hour after a small one."""

import pytest

from tests.support.bank import submitted
from tests.support.builders import HOUR, MINUTE
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "top_up_after_trial_1h"


def after(*steps):
    return given(opened("alice", "bob"), *steps, rig=watching(FEATURE, 10_000))


@pytest.mark.parametrize(
    ("small", "large", "value", "verdict"),
    [
        (499, 9_999, 9_999, accepted()),
        (499, 10_000, 10_000, BLOCKED),
        (500, 10_000, 0, accepted()),
        (1, 10_001, 10_001, BLOCKED),
        (1, 2, 2, accepted()),
    ],
)
def test_value_against_band(small, large, value, verdict):
    start = after(topped_up("alice", small), topped_up("alice", large))
    start.when(pay("alice", "bob", 1)).then(verdict, saw(value))


def test_the_large_one_first_is_no_trial():
    start = after(topped_up("alice", 20_000), topped_up("alice", 1))
    start.when(pay("alice", "bob", 1)).then(accepted(), saw(0))


@pytest.mark.parametrize(("gap", "value"), [(HOUR - 1, 20_000), (HOUR, 0)])
def test_the_trial_is_an_hour_old_at_most(gap, value):
    start = after(topped_up("alice", 1), waited(gap), topped_up("alice", 20_000))
    start.when(pay("alice", "bob", 1)).then(saw(value))


@pytest.mark.parametrize(("later", "value"), [(HOUR - 1, 20_000), (HOUR, 0)])
def test_and_so_is_the_large_one(later, value):
    start = after(topped_up("alice", 1), waited(HOUR - 1), topped_up("alice", 20_000))
    start.when(waited(later))
    start.when(pay("alice", "bob", 1)).then(saw(value))


@pytest.mark.parametrize(("later", "value"), [(30 * MINUTE - 1, 20_000), (30 * MINUTE, 7_000)])
def test_one_may_have_left_while_another_has_not(later, value):
    start = after(topped_up("alice", 1), topped_up("alice", 20_000), waited(30 * MINUTE))
    start.when(topped_up("alice", 7_000)).then(accepted())
    start.when(waited(later))
    start.when(pay("alice", "bob", 1)).then(saw(value))


def test_the_largest_of_several_counts_and_money_of_a_bank_does_not():
    steps = [topped_up("alice", each) for each in (1, 300, 7_000, 9_000, 8_000)]
    start = after(*steps, submitted("alice", 90_000))
    start.when(pay("alice", "bob", 1)).then(saw(9_000))


def test_no_more_than_eight_are_remembered():
    start = after(topped_up("alice", 1), *[topped_up("alice", 20_000)] * 8)
    start.when(pay("alice", "bob", 1)).then(saw(0))
    assert len(start.rig.view.inflows.get("alice").cards) == 8


def test_what_is_small_is_data():
    rig = watching(FEATURE, 10_000, data={"small_top_up": 0})
    start = given(opened("alice", "bob"), topped_up("alice", 1), topped_up("alice", 9), rig=rig)
    start.when(pay("alice", "bob", 1)).then(saw(0))
