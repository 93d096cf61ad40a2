"""Withdrawn money of a calendar day in the programme's zone."""

import pytest

from schemas.messages.vocabulary import RejectionReason
from tests.support.bank import brought_back, cancelled, handed_over, withdraw
from tests.support.builders import HOUR, NOON, Rig, policy
from tests.support.given import (
    accepted,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    topped_up,
    void,
    waited,
)

MIDNIGHT = 10 * HOUR  # from noon, in the zone of the test policy
UNTIL = "2025-06-15T22:00:00Z"


def refused(until=UNTIL):
    return rejected(RejectionReason.LIMIT_WINDOW, "withdrawal_day_out", until=until, attempted=True)


def start(*steps, ceiling=100):
    rig = Rig(policy_=policy(limits={"withdrawal_day_out": ceiling}))
    rig.at = NOON
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


def again(amount):
    return withdraw("alice", amount, "again")


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [
        (39, accepted()),
        (40, accepted()),
        (41, refused()),
        (101, refused(until="")),
    ],
)
def test_sum_of_the_day_against_ceiling(amount, verdict):
    start(withdraw("alice", 60)).when(again(amount)).then(verdict)


def test_minus_one_is_no_limit_and_nothing_is_one():
    start(ceiling=-1).when(withdraw("alice", 1_000)).then(accepted())
    start(ceiling=0).when(withdraw("alice", 1)).then(refused(until=""))


@pytest.mark.parametrize(("later", "verdict"), [(MIDNIGHT - 1, refused()), (MIDNIGHT, accepted())])
def test_the_sum_starts_again_at_midnight_of_the_zone(later, verdict):
    start(withdraw("alice", 100), waited(later)).when(again(1)).then(verdict)


def test_transfers_and_holds_are_not_withdrawals():
    spent = start(pay("alice", "bob", 500), place_hold("alice", "bob", 200))
    spent.when(withdraw("alice", 100)).then(accepted())


def test_one_that_was_cancelled_gives_back():
    full = start(withdraw("alice", 100))
    full.when(again(1)).then(refused())
    full.when(cancelled("alice")).then(accepted())
    full.when(withdraw("alice", 100, "third")).then(accepted())


def test_a_hold_that_was_voided_does_not():
    full = start(withdraw("alice", 100), place_hold("alice", "bob", 100))
    full.when(void("alice")).then(accepted())
    full.when(again(1)).then(refused())


def test_one_that_came_back_another_day_does_not():
    steps = (withdraw("alice", 100), handed_over("alice"), waited(MIDNIGHT))
    full = start(*steps, withdraw("alice", 100, "next"))
    full.when(brought_back("alice")).then(accepted())
    full.when(again(1)).then(refused("2025-06-16T22:00:00Z"))
