"""Outgoing money of a calendar week, from Monday on, in the programme's zone."""

from datetime import datetime

import pytest

from schemas.messages.commands import Transfer
from schemas.messages.policy import Zone, ZoneTransition
from schemas.messages.vocabulary import RejectionReason, Tier
from tests.support.builders import DAY, HOUR, NOON, Rig, policy, tier
from tests.support.given import (
    accepted,
    capture,
    command,
    given,
    opened,
    pay,
    place_hold,
    rejected,
    set_tier,
    topped_up,
    void,
)

REFUSED = rejected(RejectionReason.LIMIT_WINDOW, "week_out", attempted=True)
# NOON is a Sunday; in the zone of the test policy its Monday begins at 22:00 UTC.
MONDAY = NOON + 10 * HOUR


def spent(*steps, at=NOON, ceiling=100, **changed):
    rig = Rig(policy_=policy(limits={"week_out": ceiling}, **changed), at=at)
    return given(opened("alice", "bob"), topped_up("alice", 1_000), *steps, rig=rig)


@pytest.mark.parametrize(("amount", "verdict"), [(39, accepted()), (40, accepted()), (41, REFUSED)])
def test_sum_of_the_period_against_ceiling(amount, verdict):
    spent(pay("alice", "bob", 60)).when(pay("alice", "bob", amount)).then(verdict)


def test_minus_one_is_no_limit_and_nothing_is_one():
    spent(pay("alice", "bob", 1_000), ceiling=-1)
    spent(ceiling=0).when(pay("alice", "bob", 1)).then(REFUSED)


@pytest.mark.parametrize(
    ("at", "verdict"), [(MONDAY - 1, REFUSED), (MONDAY, accepted()), (MONDAY + 1, accepted())]
)
def test_the_sum_starts_again_on_monday(at, verdict):
    start = spent(pay("alice", "bob", 100))
    start.rig.at = at
    start.when(pay("alice", "bob", 1)).then(verdict)


def test_all_seven_days_are_one_week():
    start = spent(at=MONDAY)
    for number in range(5):
        start.rig.at = MONDAY + number * DAY
        start.when(pay("alice", "bob", 20)).then(accepted())
    start.rig.at = MONDAY + 7 * DAY - 1
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_the_refusal_says_when_the_week_is_over():
    start = spent(pay("alice", "bob", 60))
    until = rejected(RejectionReason.LIMIT_WINDOW, "week_out", until="2025-06-15T22:00:00Z")
    start.when(pay("alice", "bob", 41)).then(until)
    never = rejected(RejectionReason.LIMIT_WINDOW, "week_out", until="")
    start.when(pay("alice", "bob", 101)).then(never)


@pytest.mark.parametrize(
    ("monday", "hours"),
    [("2020-03-23T00:00:00+01:00", 7 * 24 - 1), ("2020-10-19T00:00:00+02:00", 7 * 24 + 1)],
)
def test_a_week_with_a_day_of_23_or_25_hours_is_one_week(monday, hours):
    """In Amsterdam the clock changes on a Sunday, the week's last day."""
    table = ((0, 3_600), (1_585_443_600, 7_200), (1_603_587_600, 3_600))
    zone = Zone("Europe/Amsterdam", "test", tuple(ZoneTransition(a * 10**6, b) for a, b in table))
    began = int(datetime.fromisoformat(monday).timestamp()) * 10**6
    start = spent(at=began, zone=zone)
    start.when(pay("alice", "bob", 100)).then(accepted())
    start.rig.at = began + hours * HOUR - 1
    start.when(pay("alice", "bob", 1)).then(REFUSED)
    start.rig.at += 1
    start.when(pay("alice", "bob", 100)).then(accepted())


def test_a_late_command_counts_when_it_is_decided():
    start = spent(pay("alice", "bob", 100))
    start.rig.at = MONDAY
    late = command("alice", Transfer("bob", "EUR", 100), issued_at=NOON)
    start.when(late).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_voided_hold_gives_back_in_the_week_that_it_was_placed_in():
    start = spent(place_hold("alice", "bob", 60), pay("alice", "bob", 40), at=MONDAY)
    start.rig.at = MONDAY + 6 * DAY
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 60)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


def test_a_hold_voided_in_the_next_week_gives_nothing_back_to_it():
    start = spent(place_hold("alice", "bob", 60))
    start.rig.at = MONDAY
    start.when(pay("alice", "bob", 100)).then(accepted())
    start.when(void("alice")).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)


@pytest.mark.parametrize(("amount", "verdict"), [(70, accepted()), (71, REFUSED)])
def test_the_released_part_of_a_capture_gives_back(amount, verdict):
    start = spent(place_hold("alice", "bob", 100), capture("alice", 30))
    start.when(pay("alice", "bob", amount)).then(verdict)


def test_a_change_of_tier_keeps_the_sum():
    tiers = [tier(name, week_out=100) for name in (Tier.UNVERIFIED, Tier.BASIC)]
    tiers += [tier(Tier.ENHANCED, week_out=150), tier(Tier.PREMIUM)]
    start = spent(pay("alice", "bob", 100), tiers=tuple(tiers))
    start.when(set_tier("alice", Tier.ENHANCED)).then(accepted())
    start.when(pay("alice", "bob", 51)).then(REFUSED)
    start.when(pay("alice", "bob", 50)).then(accepted())
    start.when(set_tier("alice", Tier.BASIC)).then(accepted())
    start.when(pay("alice", "bob", 1)).then(REFUSED)
