"""Which day may be closed: over in the programme's zone, one after another, and only once."""

from datetime import UTC, datetime
from functools import cache

import pytest

from ledger.sealing import CHAIN_HEADER
from ops.day.closing import cut_after, days_of, next_day, waiting_for
from ops.errors import DocumentError
from ops.reading import Record, raise_damage, sealed
from schemas.codec import encode
from schemas.messages.commands import Transfer
from schemas.messages.control import Control, TakeCut
from schemas.messages.policy import Zone, ZoneTransition
from tests.support.builders import SECOND
from tests.support.writers import Writer, wallet_at
from topics.catalog import CONTROL, EVENTS

HOUR = 3_600


def us(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000


# As in Berlin: an hour ahead, two from the last Sunday of March, 2026-03-29 01:00 UTC.
ZONE = Zone(
    "Here/There",
    "test",
    (
        ZoneTransition(us(2025, 10, 26, 1), HOUR),
        ZoneTransition(us(2026, 3, 29, 1), 2 * HOUR),
    ),
)
FAR_EAST = Zone("Far/East", "test", (ZoneTransition(0, 13 * HOUR),))


@cache
def log_of(*cuts, second=None):
    """Two partitions that took cuts (k, label); `second` are those of the second one."""
    records = []
    for writer, taken in ((Writer(0), cuts), (Writer(1), cuts if second is None else second)):
        wallet = wallet_at(writer.partition)
        writer.open(wallet, 1_000)
        for k, label in taken:
            writer.command(wallet, Transfer(wallet_at(1 - writer.partition), "EUR", 1), f"t{k}")
            writer.at += SECOND
            control = Control(f"cut-{k}-{label}", writer.at, "ann", TakeCut(k, label), "")
            writer.say(encode(control), str(writer.partition).encode(), CONTROL.name)
            writer.commit()
        writer.commit()
        for one in writer.log:
            head = dict(one.headers)
            assert head[CHAIN_HEADER]
            records.append(
                Record(EVENTS.name, writer.partition, one.offset, 0, one.key, one.value, head)
            )
    return tuple(sealed(iter(records), raise_damage))


def days(*cuts, second=None, zone=ZONE):
    return days_of(log_of(*cuts, second=second), [0, 1], zone)


NOON = us(2026, 3, 10, 12)


def test_the_first_one_is_the_last_day_that_is_over():
    assert str(next_day(days(), "", NOON)) == "2026-03-09"
    assert str(next_day(days(), "2026-03-01", NOON)) == "2026-03-01"


@pytest.mark.parametrize(
    ("zone", "now", "over"),
    [
        (ZONE, us(2026, 3, 9, 22, 59, 59), "2026-03-08"),
        (ZONE, us(2026, 3, 9, 23), "2026-03-09"),  # midnight there
        (ZONE, us(2026, 3, 29, 21, 59, 59), "2026-03-28"),  # the day of 23 hours
        (ZONE, us(2026, 3, 29, 22), "2026-03-29"),
        (FAR_EAST, us(2026, 3, 9, 11), "2026-03-09"),
        (FAR_EAST, us(2026, 3, 9, 10, 59, 59), "2026-03-08"),
    ],
)
def test_a_day_is_over_when_the_programmes_clock_shows_the_next(zone, now, over):
    assert str(next_day(days(zone=zone), "", now)) == over
    following = over[:8] + f"{int(over[8:]) + 1:02}"
    with pytest.raises(DocumentError, match=f"--day: {following} is not over before 2026-"):
        next_day(days(zone=zone), following, now)


def test_days_are_closed_one_by_one():
    closed = days((1, "2026-03-05"), (2, "2026-03-06"))
    assert closed.whole() == ["2026-03-05", "2026-03-06"]
    assert str(next_day(closed, "", NOON)) == "2026-03-07"
    with pytest.raises(DocumentError, match="2026-03-07 comes first"):
        next_day(closed, "2026-03-08", NOON)


@pytest.mark.parametrize("asked", ["2026-03-05", "2026-03-06", "2026-02-01"])
def test_a_closed_day_and_one_before_it_never_change(asked):
    closed = days((1, "2026-03-05"), (2, "2026-03-06"))
    with pytest.raises(DocumentError, match=f"--day: {asked} is closed"):
        next_day(closed, asked, NOON)


def test_where_the_next_day_is_not_over_there_is_nothing_to_close():
    with pytest.raises(DocumentError, match="2026-03-10 is not over before 2026-03-10T23:00:00Z"):
        next_day(days((1, "2026-03-09")), "", NOON)


@pytest.mark.parametrize("text", ["yesterday", "20260309", "2026-02-30"])
def test_a_day_is_written_like_a_date(text):
    with pytest.raises(DocumentError, match="--day"):
        next_day(days(), text, NOON)


def test_a_day_that_one_partition_has_not_closed_comes_before_any_other():
    half = days((1, "2026-03-05"), second=())
    assert (half.whole(), half.under_way()) == ([], ["2026-03-05"])
    with pytest.raises(DocumentError, match="not closed on every partition"):
        next_day(half, "", NOON)
    assert str(next_day(half, "2026-03-05", NOON)) == "2026-03-05"  # for who refused the cut
    assert waiting_for(half, "2026-03-05", 1) == ((1,), ())


def test_a_partition_past_the_cut_refused_it_and_another_cut_closes_the_day_there():
    half = days((5, "2026-03-05"), second=((6, ""),))
    assert waiting_for(half, "2026-03-05", 5) == ((), (1,))
    again = ((5, "2026-03-05"), (7, "2026-03-05"))
    whole = days(*again, second=((6, ""), (7, "2026-03-05")))
    assert waiting_for(whole, "2026-03-05", 7) == ((), ())
    assert [each.k for _, each in sorted(whole.closed["2026-03-05"].items())] == [5, 7]


def test_a_cut_is_above_every_other():
    assert cut_after(days(), NOON) == NOON
    late = days((NOON // SECOND + 9, ""))
    assert cut_after(late, NOON) // SECOND == NOON // SECOND + 10


def test_the_digest_is_that_of_the_place_whatever_is_tried_later():
    """Who tries to close it again, earlier, later or elsewhere changes no closed day."""
    closed = ((10, "2026-03-05"), (20, "2026-03-06"))
    digests = {day: days(*closed).digest(day) for day in ("2026-03-05", "2026-03-06")}
    tries = [
        ((30, "2026-03-05"),),
        ((30, "2026-03-06"), (31, "2026-03-06")),
        ((30, "2026-03-04"),),
        ((30, ""), (40, "2026-03-07"), (50, "2026-03-05")),
        ((5, "2026-03-09"),),  # a number that was: refused
    ]
    for tried in tries:
        later = days(*closed, *tried)
        assert {day: later.digest(day) for day in digests} == digests, tried
        assert later.whole()[:2] == list(digests), tried
    moved = days((10, "2026-03-05"), (21, "2026-03-06"))
    assert moved.digest("2026-03-06") != digests["2026-03-06"]
