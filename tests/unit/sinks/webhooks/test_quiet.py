"""Quiet hours by a person's own clock, over midnight and over the change of summer time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sinks.webhooks.instants import micros_of
from sinks.webhooks.quiet import Quiet, read_quiet

BERLIN = "Europe/Berlin"


def at(text, zone=BERLIN):
    return micros_of(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("22:00-07:00", "2026-01-10T21:59:59", "2026-01-10T21:59:59"),
        ("22:00-07:00", "2026-01-10T22:00:00", "2026-01-11T07:00:00"),
        ("22:00-07:00", "2026-01-10T23:30:00", "2026-01-11T07:00:00"),
        ("22:00-07:00", "2026-01-11T06:59:59", "2026-01-11T07:00:00"),
        ("22:00-07:00", "2026-01-11T07:00:00", "2026-01-11T07:00:00"),
        ("12:00-14:00", "2026-01-10T13:00:00", "2026-01-10T14:00:00"),
        ("12:00-14:00", "2026-01-10T14:00:00", "2026-01-10T14:00:00"),
        ("22:00-07:00", "2026-03-28T23:00:00", "2026-03-29T07:00:00"),  # an hour shorter
        ("22:00-07:00", "2026-10-24T23:00:00", "2026-10-25T07:00:00"),  # an hour longer
    ],
)
def test_a_notice_waits_for_the_end_of_quiet_hours(hours, now, until):
    assert read_quiet(hours, BERLIN).over(at(now)) == at(until)


def test_hours_are_of_the_persons_zone():
    quiet = read_quiet("22:00-07:00", "Asia/Tokyo")
    assert quiet.over(at("2026-01-10T14:00:00", "UTC")) == at("2026-01-10T22:00:00", "UTC")


def test_hours_are_written_as_they_are_read():
    assert read_quiet("22:05-07:30", BERLIN) == Quiet(22 * 60 + 5, 7 * 60 + 30, BERLIN)
    assert read_quiet("22:05-07:30", BERLIN).text == "22:05-07:30"


@pytest.mark.parametrize(
    ("hours", "zone", "field"),
    [
        ("24:00-07:00", BERLIN, "quiet"),
        ("22-7", BERLIN, "quiet"),
        ("07:00-07:00", BERLIN, "quiet"),
        ("22:00-07:00", "Mars/Olympus", "zone"),
        ("22:00-07:00", "../etc/passwd", "zone"),
    ],
)
def test_hours_nobody_can_keep_are_refused(hours, zone, field):
    with pytest.raises(ValueError, match=f"^{field}: "):
        read_quiet(hours, zone)
