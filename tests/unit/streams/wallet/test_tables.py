"""Tables: keys keep their order, prefixes never meet, rows come back."""

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import TimerKind
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.overlay import OverlayState
from streams.wallet import tables
from streams.wallet.tables import TABLES, open_view, timer_key, timer_key_of

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._\-#:]{0,12}", fullmatch=True)
timers = st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 2), ids, ids)


def test_names_and_prefixes_are_those_of_the_view():
    view = open_view(OverlayState(TABLES, FakeDisk().open()))
    assert [each.name for each in TABLES] == [each.name for each in fields(view)]
    assert len({each.prefix for each in TABLES}) == len(TABLES)
    assert (
        b"".join(each.prefix for each in TABLES)
        == b"abcdefghijklmnopqrstuvwxyz{|}~\x7f\x80\x81\x84\x88\x8c"
    )


@given(timers)
def test_a_timers_key_comes_back(key):
    assert timer_key_of(timer_key(key)) == key


@given(timers, timers)
def test_timers_sort_as_their_due_times_do(one, other):
    assert (timer_key(one)[:9] < timer_key(other)[:9]) == (one[:2] < other[:2])
    if (one[3], other[3]) == ("", "") or one[:3] != other[:3]:
        assert (timer_key(one) < timer_key(other)) == (one < other)


@given(st.tuples(ids, ids), st.tuples(ids, ids))
def test_two_keys_are_equal_only_as_bytes_are(one, other):
    assert (tables.HOLDS.encode_key(one) == tables.HOLDS.encode_key(other)) == (one == other)


def test_numbered_keys_sort_as_their_numbers_do():
    inbox = [(1, 255), (1, 256), (2, 0), (256, 0)]
    assert sorted(inbox) == sorted(inbox, key=tables.INBOX.encode_key)
    peers = [0, 255, 256, 70_000]
    assert peers == sorted(peers, key=tables.PAIRS_IN.encode_key)
    entries = [("w", 0), ("w", 255), ("w", 256)]
    assert entries == sorted(entries, key=tables.OUTFLOW_ENTRIES.encode_key)


def test_the_first_timer_is_the_first_due_whether_stored_or_not():
    overlay = OverlayState(TABLES, FakeDisk().open())
    view = open_view(overlay)

    def put(due, name):
        row = TimerRow(TimerKind.HOLD_EXPIRY, due, "w", name)
        view.timers.put((due, 0, "w", name), row)

    put(300, "c")
    put(2, "b")
    overlay.fold()
    overlay.flush(b"")
    put(1, "a")
    assert [row.timer_id for _, row in view.timers.first(3)] == ["a", "b", "c"]
