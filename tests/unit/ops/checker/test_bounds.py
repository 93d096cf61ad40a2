"""Checks of ceilings: green over a sound day, and red for each one that was passed."""

import pytest

from ops.checker.bounds import Bounds
from ops.checker.report import Result
from ops.checker.steps import Logged, Step
from schemas.messages.events import InflowConsumed, OutflowConsumed
from schemas.messages.vocabulary import OutflowFamily
from tests.support.bank import cancelled, returned, submitted, withdraw
from tests.support.builders import Rig, policy
from tests.support.checked import altered, copied, first, has, steps_of, with_event
from tests.support.given import given, opened, topped_up
from tests.unit.ops.ledger_day import day


@pytest.fixture
def steps():
    return steps_of(day()[0])


def taken(check, steps, result):
    """What a check says after some steps."""
    for step in steps:
        check.take(step)
    return [str(each) for each in result.findings]


def found(limits, *steps):
    """What a check with other limits says about steps that were decided without them."""
    rig = Rig(policy_=policy())
    given(opened("alice"), *steps, rig=rig)
    result = Result(4)
    check = Bounds(result, policy(limits=limits))
    logged = [Step(Logged(decision, b"", 0, None, None), None) for decision, _ in rig.log]
    return taken(check, logged, result)


def test_a_negative_account(steps):
    result = Result(4)
    at = first(steps, lambda decision: bool(decision.balances))
    balances = tuple(copied(each, minor=7) for each in steps[at].decision.balances)
    steps[at] = altered(steps[at], balances=balances)
    what = taken(Bounds(result, policy()), steps, result)
    assert any("is negative by 7" in each for each in what)


@pytest.mark.parametrize(
    "limit",
    [
        *("per_tx_out", "day_out", "week_out", "month_out", "rolling_24h_out"),
        *("count_out_hour", "count_out_day", "count_out_30d", "new_payees_day"),
    ],
)
def test_an_outgoing_ceiling_that_was_passed(steps, limit):
    result = Result(4)
    ceiling = 1 if limit.startswith(("count_", "new_")) else 39
    what = taken(Bounds(result, policy(limits={limit: ceiling})), steps, result)
    assert what
    assert all(f"{limit} is " in each for each in what)


def test_more_withdrawn_in_a_day_than_its_ceiling(steps):
    result = Result(4)
    at = first(steps, has(OutflowConsumed))
    steps[at] = with_event(steps[at], OutflowConsumed, family=OutflowFamily.WITHDRAWAL)
    what = taken(Bounds(result, policy(limits={"withdrawal_day_out": 9})), steps[: at + 1], result)
    assert any("withdrawal_day_out is 10, its ceiling 9" in each for each in what)


@pytest.mark.parametrize("limit", ["per_tx_in", "day_in", "month_in"])
def test_an_incoming_ceiling_that_was_passed(steps, limit):
    result = Result(4)
    what = taken(Bounds(result, policy(limits={limit: 999})), steps, result)
    assert what
    assert all(f"{limit} is 10" in each for each in what)


def test_a_consumption_that_was_bumped(steps):
    for kind in (OutflowConsumed, InflowConsumed):
        result = Result(4)
        at = first(steps, has(kind))
        bumped = with_event(steps[at], kind, base_amount=10**16)
        assert taken(Bounds(result, policy()), [*steps[:at], bumped], result)


def test_an_inflow_given_back_leaves_room_in_its_windows():
    limits = {"day_in": 60, "month_in": 60}
    again = submitted("alice", 60, "two", "two")
    assert found(limits, submitted("alice", 60), returned("alice"), again) == []
    assert len(found(limits, submitted("alice", 60), again)) == 2


def test_a_withdrawal_that_was_cancelled_leaves_room_in_its_day():
    limits = {"withdrawal_day_out": 60}
    again = withdraw("alice", 60, "two")
    start = (topped_up("alice", 200), withdraw("alice", 60))
    assert found(limits, *start, cancelled("alice"), again) == []
    assert len(found(limits, *start, again)) == 1
