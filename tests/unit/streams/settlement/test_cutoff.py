"""Cut-offs in the programme's zone, also where its clock is changed."""

from datetime import UTC, datetime

import pytest

from schemas.messages.policy import Zone, ZoneTransition
from schemas.messages.vocabulary import PayoutPlan
from streams.settlement.cutoff import NEVER, next_cutoff
from tests.support.builders import policy

HOUR_S = 3_600


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


# Amsterdam: summer time ended on 2026-10-25 at 01:00 UTC.
ZONE = Zone(
    "Europe/Amsterdam",
    "test",
    (ZoneTransition(0, 2 * HOUR_S), ZoneTransition(at("2026-10-25T01:00"), HOUR_S)),
)


def following(plan, now, cutoff_s=0):
    return next_cutoff(policy(zone=ZONE, settlement_cutoff_s=cutoff_s), plan, at(now))


@pytest.mark.parametrize(
    ("plan", "now", "cutoff_s", "cutoff"),
    [
        (PayoutPlan.DAILY, "2026-10-21T12:00", 0, "2026-10-21T22:00"),
        (PayoutPlan.DAILY, "2026-10-21T22:00", 0, "2026-10-22T22:00"),
        (PayoutPlan.DAILY, "2026-10-21T12:00", 15 * HOUR_S, "2026-10-21T13:00"),
        (PayoutPlan.DAILY, "2026-10-21T13:00", 15 * HOUR_S, "2026-10-22T13:00"),
        (PayoutPlan.DAILY, "2026-10-24T22:00", 0, "2026-10-25T23:00"),  # a day of 25 hours
        (PayoutPlan.WEEKLY, "2026-10-21T12:00", 0, "2026-10-25T23:00"),
        (PayoutPlan.WEEKLY, "2026-10-25T23:00", 0, "2026-11-01T23:00"),
        (PayoutPlan.WEEKLY, "2026-10-26T00:00", 15 * HOUR_S, "2026-10-26T14:00"),
    ],
)
def test_the_next_cut_off(plan, now, cutoff_s, cutoff):
    assert following(plan, now, cutoff_s) == at(cutoff)


def test_who_is_paid_by_hand_has_none():
    assert following(PayoutPlan.BY_HAND, "2026-10-21T12:00") == NEVER
