"""Incoming money of a calendar month in the programme's zone."""

import pytest

from schemas.messages.commands import TopUp
from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import DAY, HOUR, NOON, Rig, fees, policy
from tests.support.given import accepted, command, given, opened, pay, rejected, topped_up

REFUSED = rejected(RejectionReason.LIMIT_WINDOW, "month_in")
# The zone of the test policy is two hours east: its July begins on 30 June, 22:00 UTC.
MIDNIGHT = NOON + 15 * DAY + 10 * HOUR


def topped(amount, at=NOON, **changed):
    rig = Rig(policy_=policy(limits={"month_in": 100}, **changed), at=at)
    return given(opened("alice", "bob"), topped_up("alice", amount), rig=rig)


@pytest.mark.parametrize(("amount", "verdict"), [(39, accepted()), (40, accepted()), (41, REFUSED)])
def test_sum_of_the_period_against_ceiling(amount, verdict):
    topped(60).when(topped_up("alice", amount)).then(verdict)


@pytest.mark.parametrize(
    ("at", "verdict"), [(MIDNIGHT - 1, REFUSED), (MIDNIGHT, accepted()), (MIDNIGHT + 1, accepted())]
)
def test_the_sum_starts_again_at_midnight_of_the_zone(at, verdict):
    start = topped(100, MIDNIGHT - HOUR)
    start.rig.at = at
    start.when(topped_up("alice", 1)).then(verdict)


def test_a_late_command_counts_when_it_is_decided():
    start = topped(100, MIDNIGHT - HOUR)
    start.rig.at = MIDNIGHT
    late = command("alice", TopUp("EUR", 100, "card", "late"), issued_at=MIDNIGHT - DAY)
    start.when(late).then(accepted())
    start.when(topped_up("alice", 1)).then(REFUSED)


def test_the_basis_is_what_was_paid_fee_included():
    start = topped(60, fees=fees(1_000))
    start.when(topped_up("alice", 41)).then(REFUSED)


def test_transfers_count_for_the_recipient():
    start = topped(60)
    start.when(topped_up("bob", 50)).then(accepted())
    start.when(pay("alice", "bob", 50)).then(accepted())
    refused = rejected(RejectionReason.RECIPIENT_REFUSED, "LIMIT_WINDOW", attempted=True)
    start.when(pay("alice", "bob", 1)).then(refused)


@pytest.mark.parametrize(
    ("amount", "until"), [(41, "2025-06-30T22:00:00Z"), (100, "2025-06-30T22:00:00Z"), (101, "")]
)
def test_the_refusal_says_when_the_period_is_over(amount, until):
    refused = rejected(RejectionReason.LIMIT_WINDOW, "month_in", until=until)
    topped(60).when(topped_up("alice", amount)).then(refused)
