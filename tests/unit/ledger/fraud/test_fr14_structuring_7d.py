"""FR14: amounts of 7 days that stay just below one threshold."""

import pytest

from tests.support.builders import DAY
from tests.support.given import accepted, given, opened, pay, topped_up, waited
from tests.unit.ledger.fraud.watched import BLOCKED, saw, watching

FEATURE = "structuring_7d"


def after(*steps):
    rig = watching(FEATURE, 3, data={"structuring_at": (100, 1_000)}, per_tx_out=5_000)
    return given(opened("alice", "bob"), topped_up("alice", 100_000), *steps, rig=rig)


@pytest.mark.parametrize(
    ("before", "value", "verdict"), [(0, 1, accepted()), (1, 2, accepted()), (2, 3, BLOCKED)]
)
def test_value_against_band(before, value, verdict):
    start = after(*[pay("alice", "bob", 90)] * before)
    start.when(pay("alice", "bob", 99)).then(verdict, saw(value))


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        *((79, 0), (80, 1), (99, 1), (100, 0)),
        *((799, 0), (800, 1), (999, 1), (1_000, 0)),
        *((3_999, 0), (4_000, 1), (4_999, 1), (5_000, 0)),
    ],
)
def test_just_below_is_from_four_fifths_on(amount, value):
    """Below a threshold of the ruleset, and below the tier's largest amount."""
    after().when(pay("alice", "bob", amount)).then(accepted(), saw(value))


def test_thresholds_count_one_by_one():
    start = after(pay("alice", "bob", 90), pay("alice", "bob", 900))
    start.when(pay("alice", "bob", 4_500)).then(accepted(), saw(1))
    start.when(pay("alice", "bob", 90)).then(accepted(), saw(2))
    start.when(pay("alice", "bob", 90)).then(BLOCKED, saw(3))


def test_one_amount_may_be_near_two():
    rig = watching(FEATURE, 3, data={"structuring_at": (100, 110)})
    start = given(opened("alice", "bob"), topped_up("alice", 1_000), rig=rig)
    start.when(pay("alice", "bob", 105)).then(accepted(), saw(1))
    start.when(pay("alice", "bob", 85)).then(accepted(), saw(1))
    start.when(pay("alice", "bob", 90)).then(accepted(), saw(2))


@pytest.mark.parametrize(("later", "value"), [(7 * DAY - 1, 2), (7 * DAY, 1)])
def test_an_amount_leaves_after_seven_days(later, value):
    after(pay("alice", "bob", 90), waited(later)).when(pay("alice", "bob", 90)).then(saw(value))


def test_what_was_refused_was_not_paid():
    start = after(pay("alice", "bob", 90), pay("alice", "bob", 90))
    start.when(pay("alice", "bob", 90)).then(BLOCKED, saw(3))
    start.when(pay("alice", "bob", 90)).then(BLOCKED, saw(3))
    assert len(start.rig.view.profiles.get("alice").near_at) == 2


def test_at_most_sixteen_are_remembered():
    steps = []
    for _ in range(9):
        steps += [pay("alice", "bob", 90), pay("alice", "bob", 900)]
    rig = watching(FEATURE, 10**6, data={"structuring_at": (100, 1_000)})
    start = given(opened("alice", "bob"), topped_up("alice", 100_000), *steps, rig=rig)
    start.when(pay("alice", "bob", 90)).then(accepted(), saw(9))
    assert len(start.rig.view.profiles.get("alice").near_at) == 16
