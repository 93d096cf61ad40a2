"""Accepted outgoing movements of any hour: half-open (t - 1 h, t]."""

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

REFUSED = rejected(RejectionReason.LIMIT_COUNT, "count_out_hour", attempted=True)


def made(*steps, ceiling=3):
    rig = Rig(policy_=policy(limits={"count_out_hour": ceiling}))
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


@pytest.mark.parametrize(("before", "verdict"), [(1, accepted()), (2, accepted()), (3, REFUSED)])
def test_count_of_the_window_against_ceiling(before, verdict):
    start = made(*[pay("alice", "bob", 1)] * before)
    start.when(pay("alice", "bob", 1)).then(verdict)


@pytest.mark.parametrize(
    ("later", "verdict"), [(HOUR - 1, REFUSED), (HOUR, accepted()), (HOUR + 1, accepted())]
)
def test_an_entry_leaves_exactly_an_hour_later(later, verdict):
    made(pay("alice", "bob", 1), waited(later), ceiling=1).when(pay("alice", "bob", 1)).then(
        verdict
    )


def test_a_late_command_counts_when_it_is_decided():
    late = command("alice", Transfer("bob", "EUR", 1), issued_at=NOON - DAY)
    made(late, ceiling=1).when(pay("alice", "bob", 1)).then(REFUSED)


def test_refused_attempts_do_not_count():
    start = made(pay("alice", "bob", 1), pay("alice", "bob", 1))
    start.when(pay("alice", "bob", 5_000)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    start.when(pay("alice", "bob", 1)).then(accepted())


def test_a_voided_hold_gives_its_count_back():
    start = made(place_hold("alice", "bob", 10), void("alice"), ceiling=1)
    start.when(pay("alice", "bob", 1)).then(accepted())


def test_a_partly_captured_hold_keeps_its_count():
    start = made(place_hold("alice", "bob", 10), capture("alice", 1), ceiling=1)
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_the_refusal_says_when_the_oldest_leaves():
    start = made(pay("alice", "bob", 1), waited(HOUR // 2), pay("alice", "bob", 1), ceiling=2)
    until = rejected(RejectionReason.LIMIT_COUNT, "count_out_hour", until="2025-06-15T13:00:00Z")
    start.when(pay("alice", "bob", 1)).then(until)


def test_a_count_of_none_never_passes():
    never = rejected(RejectionReason.LIMIT_COUNT, "count_out_hour", until="")
    made(ceiling=0).when(pay("alice", "bob", 1)).then(never)
