"""Payees paid for the first time in any 24 hours: half-open (t - 24 h, t]."""

import pytest

from schemas.messages.commands import Transfer
from schemas.messages.vocabulary import RejectionReason
from tests.support.builders import DAY, HOUR, NOON, Rig, policy
from tests.support.given import (
    accepted,
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

REFUSED = rejected(RejectionReason.LIMIT_COUNT, "new_payees_day", attempted=True)


def known(*steps, ceiling=2):
    rig = Rig(policy_=policy(limits={"new_payees_day": ceiling}))
    people = opened("alice", "bob", "carl", "dora")
    return given(people, topped_up("alice", 1_000), *steps, rig=rig)


@pytest.mark.parametrize(
    ("before", "verdict"), [((), accepted()), (("bob",), accepted()), (("bob", "carl"), REFUSED)]
)
def test_count_of_the_window_against_ceiling(before, verdict):
    known(*[pay("alice", each, 1) for each in before]).when(pay("alice", "dora", 1)).then(verdict)


def test_minus_one_is_no_limit_and_nothing_is_one():
    known(*[pay("alice", each, 1) for each in ("bob", "carl", "dora")], ceiling=-1)
    known(ceiling=0).when(pay("alice", "bob", 1)).then(
        rejected(RejectionReason.LIMIT_COUNT, "new_payees_day", until="")
    )


def test_somebody_known_may_always_be_paid():
    start = known(pay("alice", "bob", 1), pay("alice", "carl", 1))
    start.when(pay("alice", "carl", 1)).then(accepted())


@pytest.mark.parametrize(
    ("later", "verdict"), [(DAY - 1, REFUSED), (DAY, accepted()), (DAY + 1, accepted())]
)
def test_a_first_payment_leaves_exactly_a_day_later(later, verdict):
    start = known(pay("alice", "bob", 1), waited(later), ceiling=1)
    start.when(pay("alice", "carl", 1)).then(verdict)


def test_the_refusal_says_when_the_first_of_them_leaves():
    start = known(pay("alice", "bob", 1), waited(HOUR), pay("alice", "carl", 1))
    until = rejected(RejectionReason.LIMIT_COUNT, "new_payees_day", until="2025-06-16T12:00:00Z")
    start.when(pay("alice", "dora", 1)).then(until)


def test_a_late_command_counts_when_it_is_decided():
    late = command("alice", Transfer("bob", "EUR", 1), issued_at=NOON - 2 * DAY)
    known(late, ceiling=1).when(pay("alice", "carl", 1)).then(REFUSED)


def test_a_refused_payment_makes_nobody_known():
    start = known(pay("alice", "bob", 1))
    start.when(pay("alice", "carl", 5_000)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    start.when(pay("alice", "dora", 1)).then(accepted())


def test_whom_a_voided_hold_was_for_stays_known():
    start = known(place_hold("alice", "bob", 10), void("alice"), ceiling=1)
    start.when(pay("alice", "carl", 1)).then(REFUSED)
    start.when(pay("alice", "bob", 1)).then(accepted())
