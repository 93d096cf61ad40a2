"""Outgoing money of any 24 hours: half-open (t - 24 h, t]."""

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
    timer,
    topped_up,
    void,
    waited,
)

REFUSED = rejected(RejectionReason.LIMIT_WINDOW, "rolling_24h_out", attempted=True)


def spent(*steps):
    rig = Rig(policy_=policy(limits={"rolling_24h_out": 100}))
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


@pytest.mark.parametrize(("amount", "verdict"), [(39, accepted()), (40, accepted()), (41, REFUSED)])
def test_sum_of_the_window_against_ceiling(amount, verdict):
    spent(pay("alice", "bob", 60)).when(pay("alice", "bob", amount)).then(verdict)


@pytest.mark.parametrize(
    ("later", "verdict"), [(DAY - 1, REFUSED), (DAY, accepted()), (DAY + 1, accepted())]
)
def test_an_entry_leaves_exactly_24_hours_later(later, verdict):
    spent(pay("alice", "bob", 100), waited(later)).when(pay("alice", "bob", 1)).then(verdict)


def test_midnight_does_not_refill_it():
    spent(pay("alice", "bob", 100), waited(12 * HOUR)).when(pay("alice", "bob", 1)).then(REFUSED)


def test_entries_leave_one_by_one():
    start = spent(pay("alice", "bob", 60), waited(HOUR), pay("alice", "bob", 40))
    start.rig.at = NOON + DAY
    start.when(pay("alice", "bob", 61)).then(REFUSED)
    start.when(pay("alice", "bob", 60)).then(accepted())


def test_a_late_command_counts_when_it_is_decided():
    late = command("alice", Transfer("bob", "EUR", 100), issued_at=NOON - 2 * DAY)
    spent(late).when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_voided_hold_gives_back_into_its_own_entry():
    start = spent(place_hold("alice", "bob", 60), waited(HOUR), pay("alice", "bob", 40))
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 60)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_hold_that_expires_after_its_entry_left_gives_nothing_back():
    start = spent(place_hold("alice", "bob", 100), waited(DAY), pay("alice", "bob", 100))
    start.rig.at = NOON + DAY
    start.when(timer()).then(accepted())
    start.rig.at = NOON + 7 * DAY
    start.when(pay("alice", "bob", 100)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_entries_outside_the_window_are_dropped_from_the_log():
    start = spent(pay("alice", "bob", 60), waited(DAY), pay("alice", "bob", 60))
    assert list(start.rig.view.outflow_entries.rows) == [("alice", 1)]


@pytest.mark.parametrize(
    ("amount", "until"),
    [(1, "2025-06-16T12:00:00Z"), (60, "2025-06-16T12:00:00Z"), (61, "2025-06-16T13:00:01Z")],
)
def test_the_refusal_says_when_enough_has_left(amount, until):
    start = spent(pay("alice", "bob", 60), waited(HOUR + 1), pay("alice", "bob", 40))
    refused = rejected(RejectionReason.LIMIT_WINDOW, "rolling_24h_out", until=until)
    start.when(pay("alice", "bob", amount)).then(refused)


def test_more_than_the_ceiling_never_passes():
    refused = rejected(RejectionReason.LIMIT_WINDOW, "rolling_24h_out", until="")
    spent(pay("alice", "bob", 60)).when(pay("alice", "bob", 101)).then(refused)


def test_what_the_refusal_promises_holds():
    start = spent(pay("alice", "bob", 60), waited(HOUR + 1), pay("alice", "bob", 40))
    start.when(pay("alice", "bob", 61)).then(REFUSED)
    start.rig.at = NOON + DAY + HOUR
    start.when(pay("alice", "bob", 61)).then(REFUSED)
    start.rig.at += 1_000_000
    start.when(pay("alice", "bob", 61)).then(accepted())
