"""Days and months of the programme's zone against the standard library's own."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ledger.calendar import Calendar, in_words, month_begins, month_of, week_begins, week_of
from schemas.messages.policy import Zone, ZoneTransition
from streams.wallet.genesis import genesis_policy

GENESIS = genesis_policy().zone
EPOCH = date(1970, 1, 1)
JUMP = 1_616_882_400_000_000  # 2021-03-27 22:00 UTC


def micros(moment):
    return int(moment.timestamp()) * 1_000_000


def test_months_of_all_days_from_1896_to_2104():
    for day in range((date(1896, 1, 1) - EPOCH).days, (date(2104, 12, 31) - EPOCH).days):
        expected = EPOCH + timedelta(days=day)
        assert month_of(day) == (expected.year - 1970) * 12 + expected.month - 1


@pytest.mark.parametrize("year", range(2020, 2041))
def test_genesis_zone_equals_the_zone_database(year):
    """At every local midnight, and one second before it."""
    zone = ZoneInfo(GENESIS.name)
    calendar = Calendar(GENESIS)
    for number in range((date(year, 1, 1) - EPOCH).days, (date(year + 1, 1, 1) - EPOCH).days):
        day = EPOCH + timedelta(days=number)
        midnight = micros(datetime(day.year, day.month, day.day, tzinfo=zone))
        assert calendar.day(midnight) == number
        assert calendar.day(midnight - 1) == number - 1


def test_weeks_and_the_first_days_of_weeks_and_months():
    for day in range((date(1896, 1, 1) - EPOCH).days, (date(2104, 12, 31) - EPOCH).days):
        expected = EPOCH + timedelta(days=day)
        monday = expected - timedelta(days=expected.weekday())
        assert week_begins(week_of(day)) == (monday - EPOCH).days
        assert month_begins(month_of(day)) == (expected.replace(day=1) - EPOCH).days


@pytest.mark.parametrize("year", range(2020, 2041))
def test_days_begin_when_the_zone_database_says(year):
    zone = ZoneInfo(GENESIS.name)
    calendar = Calendar(GENESIS)
    for number in range((date(year, 1, 1) - EPOCH).days, (date(year + 1, 1, 1) - EPOCH).days):
        day = EPOCH + timedelta(days=number)
        assert calendar.begins(number) == micros(
            datetime(day.year, day.month, day.day, tzinfo=zone)
        )


def test_a_day_begins_where_the_clock_jumps_over_its_midnight():
    """Beirut, 2021-03-28: midnight became one o'clock."""
    zone = Zone("Asia/Beirut", "test", (ZoneTransition(0, 7_200), ZoneTransition(JUMP, 10_800)))
    calendar = Calendar(zone)
    day = (date(2021, 3, 28) - EPOCH).days
    assert calendar.begins(day) == JUMP
    assert (calendar.day(JUMP - 1), calendar.day(JUMP)) == (day - 1, day)
    assert calendar.begins(day + 1) == JUMP + 23 * 3_600 * 1_000_000


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:01Z"),
        (1_795_867_200_000_000, "2026-11-28T12:00:00Z"),
        (1_709_251_199_000_001, "2024-03-01T00:00:00Z"),
    ],
)
def test_an_instant_in_words_is_never_too_early(at, words):
    assert in_words(at) == words


def test_a_day_of_23_and_one_of_25_hours_are_days():
    """29 March and 25 October 2020 in Amsterdam."""
    calendar = Calendar(GENESIS)
    for month, day, hours in ((3, 29, 23), (10, 25, 25)):
        midnight = micros(datetime(2020, month, day, tzinfo=ZoneInfo(GENESIS.name)))
        hour = 3_600_000_000
        number = calendar.day(midnight)
        assert calendar.day(midnight - 1) == number - 1
        assert calendar.day(midnight + hours * hour - 1) == number
        assert calendar.day(midnight + hours * hour) == number + 1


def test_the_first_transition_holds_for_everything_before_it():
    zone = Zone("test", "test", (ZoneTransition(10**15, 3_600), ZoneTransition(2 * 10**15, 0)))
    calendar = Calendar(zone)
    assert calendar.day(82_799_999_999) == 0
    assert calendar.day(82_800_000_000) == 1
    assert calendar.day(-1) == 0
    assert calendar.day(-3_600_000_001) == -1


@pytest.mark.parametrize("year", range(2020, 2041))
def test_the_clock_shows_what_the_zone_database_says(year):
    """Every half hour of the days on which it changes: shown, and the first time it is shown."""
    zone = ZoneInfo(GENESIS.name)
    calendar = Calendar(GENESIS)
    for month in (3, 10):
        sunday = max(day for day in range(25, 32) if date(year, month, day).weekday() == 6)
        for half in range(48):
            naive = datetime(year, month, sunday) + timedelta(minutes=30 * half)  # noqa: DTZ001
            shown = int((naive - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
            at = calendar.shows(shown)
            there = datetime.fromtimestamp(at // 1_000_000, zone)
            skipped = there.replace(tzinfo=None) != naive
            assert skipped == (month == 3 and half in (4, 5))
            assert at == (micros(datetime(year, 3, sunday, 3, tzinfo=zone)) if skipped
                          else micros(naive.replace(tzinfo=zone)))  # fmt: skip
            assert calendar.shown(at) == shown + (2 * 1_800 - half % 4 * 1_800 if skipped else 0)
