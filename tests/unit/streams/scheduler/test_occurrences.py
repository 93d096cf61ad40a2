"""When a schedule is due, also where the clock is changed and months are short."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ledger.calendar import Calendar
from schemas.messages.policy import Zone, ZoneTransition
from schemas.messages.rows import ScheduleRow
from schemas.messages.vocabulary import Recurrence, ScheduledKind, ScheduleState
from streams.scheduler.occurrences import NEVER, due_of, number_after
from streams.wallet.genesis import genesis_policy

CALENDAR = Calendar(genesis_policy().zone)
ZONE = ZoneInfo(genesis_policy().zone.name)
DAILY, WEEKLY, MONTHLY = Recurrence.DAILY, Recurrence.WEEKLY, Recurrence.MONTHLY


def at(text, fold=0):
    """An instant by the clock of the programme's zone."""
    return utc(datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold))


def utc(moment):
    return int(moment.timestamp()) * 1_000_000


def schedule(first, recurrence, every=1, count=0, until=0):
    first_at = first if isinstance(first, int) else at(first)
    return ScheduleRow(
        *(ScheduleState.ACTIVE, ScheduledKind.TRANSFER, "bob", "EUR", 1, first_at, recurrence),
        *(every, "", count, until, 0),
    )


def dues(row, count):
    return [due_of(CALENDAR, row, number) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (schedule("2026-10-24T08:00", DAILY), ["2026-10-24", "2026-10-25", "2026-10-26"]),
        (schedule("2026-03-28T08:00", DAILY), ["2026-03-28", "2026-03-29", "2026-03-30"]),
        (schedule("2026-03-29T08:00", DAILY), ["2026-03-29", "2026-03-30", "2026-03-31"]),
        (schedule("2026-10-18T08:00", WEEKLY), ["2026-10-18", "2026-10-25", "2026-11-01"]),
        (schedule("2026-10-18T08:00", WEEKLY, 2), ["2026-10-18", "2026-11-01", "2026-11-15"]),
        (schedule("2026-01-31T08:00", MONTHLY), ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (schedule("2028-01-30T08:00", MONTHLY), ["2028-01-30", "2028-02-29", "2028-03-30"]),
        (schedule("2026-10-31T08:00", MONTHLY, 4), ["2026-10-31", "2027-02-28", "2027-06-30"]),
        (schedule("2026-12-31T08:00", DAILY, 3), ["2026-12-31", "2027-01-03", "2027-01-06"]),
    ],
)
def test_the_same_time_of_day_by_the_calendar(row, expected):
    """25 October 2026 has 25 hours in Amsterdam, 29 March 2026 has 23."""
    assert dues(row, 3) == [at(f"{day}T08:00") for day in expected]


def test_a_day_of_23_hours_is_shorter_and_one_of_25_longer():
    spring, autumn = (dues(schedule(f"2026-{day}T12:00", DAILY), 3) for day in ("03-28", "10-24"))
    hours = [(later - earlier) // 3_600_000_000 for earlier, later in pairwise(spring)]
    assert hours == [23, 24]
    hours = [(later - earlier) // 3_600_000_000 for earlier, later in pairwise(autumn)]
    assert hours == [25, 24]


def test_a_time_that_the_clock_skips_is_the_end_of_the_gap():
    assert dues(schedule("2026-03-28T02:30", DAILY), 3)[1:] == [
        at("2026-03-29T03:00"),
        at("2026-03-30T02:30"),
    ]


def test_a_time_that_the_clock_shows_twice_is_the_first_of_both():
    assert dues(schedule("2026-10-24T02:30", DAILY), 3)[1:] == [
        at("2026-10-25T02:30", fold=0),
        at("2026-10-26T02:30"),
    ]


def test_the_first_is_due_when_the_customer_said():
    second = at("2026-10-25T02:30", fold=1)
    assert dues(schedule(second, DAILY), 2) == [second, at("2026-10-26T02:30")]


def test_fractions_of_a_second_are_kept():
    first = at("2026-10-24T08:00") + 123_456
    assert dues(schedule(first, DAILY), 2)[1] == at("2026-10-25T08:00") + 123_456


def test_every_instant_of_a_year_by_the_zone_database():
    row = schedule("2026-01-01T02:30", DAILY)
    for number in range(1, 366):
        day = datetime(2026, 1, 1, 2, 30) + timedelta(days=number - 1)  # noqa: DTZ001 - local
        local = day.replace(tzinfo=ZONE)
        shown = local.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None)
        wanted = utc(local) if shown == day else at(f"{day:%Y-%m-%d}T03:00")
        assert due_of(CALENDAR, row, number) == wanted


def test_a_day_that_the_calendar_skips_falls_on_the_next():
    """Samoa had no 30 December 2011."""
    skipped = 1_325_239_200_000_000
    zone = Zone("Apia", "t", (ZoneTransition(0, -36_000), ZoneTransition(skipped, 50_400)))
    row = schedule(skipped - 3_600_000_000, DAILY)  # 23:00 on the 29th
    hours = [(due_of(Calendar(zone), row, each) - skipped) // 3_600_000_000 for each in (1, 2, 3)]
    assert hours == [-1, 0, 23]


@pytest.mark.parametrize(
    ("row", "last"),
    [
        (schedule("2026-01-31T08:00", MONTHLY, count=3), 3),
        (schedule("2026-01-31T08:00", MONTHLY, until=at("2026-03-31T08:00")), 3),
        (schedule("2026-01-31T08:00", MONTHLY, until=at("2026-03-31T08:00") - 1), 2),
        (schedule("2026-01-31T08:00", MONTHLY, count=2, until=at("2026-03-31T08:00")), 2),
        (schedule("2026-01-31T08:00", Recurrence.ONCE), 1),
        (schedule("2026-01-31T08:00", DAILY), 36_600),
        (schedule("2026-01-31T08:00", MONTHLY, 366), 4),  # within 100 years
    ],
)
def test_a_schedule_has_a_last_occurrence(row, last):
    assert due_of(CALENDAR, row, last) != NEVER
    assert due_of(CALENDAR, row, last + 1) == NEVER


def test_the_first_after_an_instant():
    row = schedule("2026-01-31T08:00", MONTHLY)
    march = due_of(CALENDAR, row, 3)
    for lowest, moment, number in (
        (1, row.first_at - 1, 1),
        (1, row.first_at, 2),
        (1, march - 1, 3),
        (1, march, 4),
        (3, row.first_at, 3),
        (5, march, 5),
        (1, at("2200-01-01T00:00"), 2_089),
    ):
        assert number_after(CALENDAR, row, lowest, moment) == number
    assert due_of(CALENDAR, schedule("2026-01-31T08:00", DAILY), 36_601) == NEVER
