"""Outgoing money of a calendar day in the programme's zone."""

import pytest

from schemas.messages.commands import Transfer
from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import DAY, HOUR, NOON, Rig, policy
from tests.support.given import (
    accepted,
    capture,
    command,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    topped_up,
    void,
    waited,
)

REFUSED = rejected(RejectionReason.LIMIT_WINDOW, "day_out", attempted=True)
# The zone of the test policy is two hours east: its midnight is at 22:00 UTC.
MIDNIGHT = NOON + 10 * HOUR


def rig(at=NOON):
    return Rig(policy_=policy(limits={"day_out": 100}), at=at)


def spent(amount, at=NOON):
    return given(
        opened("alice", "bob"), topped_up("alice", 1_000), pay("alice", "bob", amount), rig=rig(at)
    )


@pytest.mark.parametrize(("amount", "verdict"), [(39, accepted()), (40, accepted()), (41, REFUSED)])
def test_sum_of_the_period_against_ceiling(amount, verdict):
    spent(60).when(pay("alice", "bob", amount)).then(verdict)


@pytest.mark.parametrize(
    ("at", "verdict"), [(MIDNIGHT - 1, REFUSED), (MIDNIGHT, accepted()), (MIDNIGHT + 1, accepted())]
)
def test_the_sum_starts_again_at_midnight_of_the_zone(at, verdict):
    start = spent(100, MIDNIGHT - HOUR)
    start.rig.at = at
    start.when(pay("alice", "bob", 1)).then(verdict)


def test_a_late_command_counts_when_it_is_decided():
    start = spent(100, MIDNIGHT - HOUR)
    start.rig.at = MIDNIGHT
    late = command("alice", Transfer("bob", "EUR", 100), issued_at=MIDNIGHT - DAY)
    start.when(late).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_refused_attempts_consume_nothing():
    start = spent(60)
    start.when(pay("alice", "bob", 41)).then(REFUSED)
    start.when(pay("alice", "bob", 40)).then(accepted())


def test_a_voided_hold_gives_back():
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 1_000),
        place_hold("alice", "bob", 100),
        void("alice"),
        rig=rig(),
    )
    start.when(pay("alice", "bob", 100)).then(accepted())


def test_a_hold_voided_in_the_next_period_gives_nothing_back_to_it():
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 1_000),
        place_hold("alice", "bob", 60),
        rig=rig(MIDNIGHT - HOUR),
    )
    start.rig.at = MIDNIGHT
    start.when(pay("alice", "bob", 100)).then(accepted())
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


@pytest.mark.parametrize(("amount", "verdict"), [(70, accepted()), (71, REFUSED)])
def test_the_released_part_of_a_capture_gives_back(amount, verdict):
    start = given(
        opened("alice", "bob"),
        topped_up("alice", 1_000),
        place_hold("alice", "bob", 100),
        capture("alice", 30),
        waited(HOUR),
        rig=rig(),
    )
    start.when(pay("alice", "bob", amount)).then(verdict)


@pytest.mark.parametrize(
    ("amount", "until"), [(41, "2025-06-15T22:00:00Z"), (100, "2025-06-15T22:00:00Z"), (101, "")]
)
def test_the_refusal_says_when_the_period_is_over(amount, until):
    refused = rejected(RejectionReason.LIMIT_WINDOW, "day_out", until=until)
    spent(60).when(pay("alice", "bob", amount)).then(refused)
