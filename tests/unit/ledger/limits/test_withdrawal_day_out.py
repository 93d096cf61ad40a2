"""Withdrawn money of a calendar day in the programme's zone."""

import pytest

from ledger.calendar import month_of
from ledger.evolving import spending
from schemas.messages.events import OutflowGivenBack
from schemas.messages.vocabulary import OutflowFamily
from tests.support.builders import HOUR, NOON, Rig, policy
from tests.support.given import given, opened, pay, topped_up
from tests.unit.ledger.limits.withdrawals import withdraw

MIDNIGHT = NOON + 10 * HOUR  # of the zone of the test policy


def rig_with(*steps, ceiling=100):
    rig = Rig(policy_=policy(limits={"withdrawal_day_out": ceiling}))
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig).rig


def told(verdict):
    return verdict.detail


@pytest.mark.parametrize(
    ("amount", "detail"),
    [
        (39, ""),
        (40, ""),
        (41, "withdrawal_day_out until 2025-06-15T22:00:00Z"),
        (101, "withdrawal_day_out"),
    ],
)
def test_sum_of_the_day_against_ceiling(amount, detail):
    rig = rig_with()
    assert told(withdraw(rig, "alice", 60)) == ""
    assert told(withdraw(rig, "alice", amount)) == detail


def test_minus_one_is_no_limit_and_nothing_is_one():
    assert told(withdraw(rig_with(ceiling=-1), "alice", 1_000)) == ""
    assert told(withdraw(rig_with(ceiling=0), "alice", 1)) == "withdrawal_day_out"


@pytest.mark.parametrize(("at", "passes"), [(MIDNIGHT - 1, False), (MIDNIGHT, True)])
def test_the_sum_starts_again_at_midnight_of_the_zone(at, passes):
    rig = rig_with()
    withdraw(rig, "alice", 100)
    rig.at = at
    assert (told(withdraw(rig, "alice", 1)) == "") is passes


def test_transfers_are_not_withdrawals():
    rig = rig_with(pay("alice", "bob", 500))
    assert told(withdraw(rig, "alice", 100)) == ""


def test_a_withdrawal_that_came_back_the_same_day_gives_back():
    rig = rig_with()
    withdraw(rig, "alice", 100)
    give_back(rig, OutflowFamily.PAYMENT)
    assert told(withdraw(rig, "alice", 100)) != ""
    give_back(rig, OutflowFamily.WITHDRAWAL)
    assert told(withdraw(rig, "alice", 100)) == ""


def test_one_that_came_back_another_day_does_not():
    rig = rig_with()
    withdraw(rig, "alice", 100)
    day = rig.view.outflows.get("alice").day
    rig.at = MIDNIGHT
    withdraw(rig, "alice", 100)
    give_back(rig, OutflowFamily.WITHDRAWAL, day)
    assert told(withdraw(rig, "alice", 1)) != ""


def give_back(rig, family, day=None):
    day = day or rig.view.outflows.get("alice").day
    back = OutflowGivenBack("alice", 0, 100, day, month_of(day), True, family)
    spending.given_back(rig.view, back)
