"""Accepted outgoing movements of this calendar day and the 30 before it."""

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

REFUSED = rejected(RejectionReason.LIMIT_COUNT, "count_out_30d", attempted=True)
MIDNIGHT = NOON + 10 * HOUR  # of the zone of the test policy


def made(*steps, ceiling=3, at=NOON):
    rig = Rig(policy_=policy(limits={"count_out_30d": ceiling}, hold_ttl_s=60 * 86_400), at=at)
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


@pytest.mark.parametrize(("before", "verdict"), [(1, accepted()), (2, accepted()), (3, REFUSED)])
def test_count_of_one_day_against_ceiling(before, verdict):
    made(*[pay("alice", "bob", 1)] * before).when(pay("alice", "bob", 1)).then(verdict)


@pytest.mark.parametrize("pause", [DAY, 3 * DAY, 14 * DAY])
def test_count_over_days_against_ceiling(pause):
    start = made(pay("alice", "bob", 1), waited(pause), pay("alice", "bob", 1), waited(pause))
    start.when(pay("alice", "bob", 1)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_minus_one_is_no_limit_and_nothing_is_one():
    made(*[pay("alice", "bob", 1)] * 5, ceiling=-1)
    made(ceiling=0).when(pay("alice", "bob", 1)).then(
        rejected(RejectionReason.LIMIT_COUNT, "count_out_30d", until="")
    )


@pytest.mark.parametrize(
    ("later", "verdict"),
    [(-1, REFUSED), (0, accepted()), (1, accepted()), (40 * DAY, accepted())],
)
def test_a_day_leaves_after_30_more_whatever_the_hour(later, verdict):
    start = made(pay("alice", "bob", 1), ceiling=1)
    start.rig.at = MIDNIGHT + 30 * DAY + later
    start.when(pay("alice", "bob", 1)).then(verdict)


def test_days_leave_one_by_one():
    start = made(pay("alice", "bob", 1), waited(DAY), pay("alice", "bob", 1), ceiling=2)
    until = rejected(RejectionReason.LIMIT_COUNT, "count_out_30d", until="2025-07-15T22:00:00Z")
    start.when(pay("alice", "bob", 1)).then(until)
    start.rig.at = MIDNIGHT + 30 * DAY
    start.when(pay("alice", "bob", 1)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_late_command_counts_when_it_is_decided():
    late = command("alice", Transfer("bob", "EUR", 1), issued_at=NOON - 31 * DAY)
    made(late, ceiling=1).when(pay("alice", "bob", 1)).then(REFUSED)


def test_refused_attempts_do_not_count():
    start = made(pay("alice", "bob", 1), pay("alice", "bob", 1))
    start.when(pay("alice", "bob", 5_000)).then(rejected(RejectionReason.INSUFFICIENT_FUNDS))
    start.when(pay("alice", "bob", 1)).then(accepted())


@pytest.mark.parametrize("pause", [0, DAY, 20 * DAY])
def test_a_voided_hold_gives_its_count_back_in_the_day_it_was_placed_on(pause):
    start = made(place_hold("alice", "bob", 10), waited(pause), pay("alice", "bob", 1), ceiling=2)
    start.when(pay("alice", "bob", 1)).then(REFUSED)
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 1)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_hold_voided_after_its_day_left_gives_nothing_back():
    start = made(place_hold("alice", "bob", 10), waited(32 * DAY), pay("alice", "bob", 1))
    start.when(void("alice")).then(accepted())
    assert start.rig.view.outflows.get("alice").day_count == 1
    assert start.rig.view.outflow_days.get("alice").counts == ()


def test_a_partly_captured_hold_keeps_its_count():
    start = made(place_hold("alice", "bob", 10), capture("alice", 1), ceiling=1)
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_the_ring_keeps_thirty_days_whatever_happens():
    start = made(ceiling=-1)
    for _ in range(40):
        start.rig.wait(DAY)
        start.when(pay("alice", "bob", 1)).then(accepted())
    days = start.rig.view.outflow_days.get("alice")
    assert days.counts == (1,) * 30
    assert days.sums == (1,) * 30
