"""The overlay against a plain dictionary, and its bounded cache."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from streams.runtime import encoded, heads
from streams.runtime.fakes_local import FakeDisk
from streams.runtime.overlay import APPLIED_KEY, FRESH_ROWS, OverlayState
from streams.runtime.tables import TableSpec

KEYS = st.integers(0, 9)


def spec(name="numbers", prefix=b"n", **options):
    def decode(data):
        return data.decode()

    def encode_key(key):
        return key.to_bytes(4, "big")

    def decode_key(data):
        return int.from_bytes(data, "big")

    return TableSpec(name, prefix, encode_key, str.encode, decode, decode_key, **options)


NUMBERS, OTHERS = spec(), spec("others", b"o")
SELDOM = spec("seldom", b"s", hardly_read=True)


class Machine(RuleBasedStateMachine):
    """Any order of writes, folds, flushes, rollbacks and restarts reads like a dictionary."""

    def __init__(self):
        super().__init__()
        self.head_keys, heads.HEAD_KEYS = heads.HEAD_KEYS, 2
        self.disk = FakeDisk()
        self.committed, self.model = {}, {}
        self.unstored = {}
        self.restart()

    def teardown(self):
        heads.HEAD_KEYS = self.head_keys

    def restart(self):
        self.disk.locked = False
        specs = (NUMBERS, OTHERS, SELDOM)
        self.state = OverlayState(specs, self.disk.open(), cached_rows=2)
        self.table = self.state.table(NUMBERS)
        self.seldom = self.state.table(SELDOM)

    @rule(key=KEYS, row=st.text(max_size=3))
    def put(self, key, row):
        self.table.put(key, row)
        self.seldom.put(key, row)
        self.model[key] = row

    @rule(key=KEYS)
    def delete(self, key):
        self.table.delete(key)
        self.seldom.delete(key)
        self.model.pop(key, None)

    @rule(key=KEYS)
    def get(self, key):
        assert self.table.get(key) == self.model.get(key)

    @rule(key=KEYS)
    def get_seldom(self, key):
        assert self.seldom.get(key) == self.model.get(key)

    @rule()
    def list_changes(self):
        changes = self.state.changes()
        numbers, seldom = (
            [(key, row) for table, key, row in changes if table == name]
            for name in ("numbers", "seldom")
        )
        assert numbers == seldom

    @rule()
    def get_all(self):
        for key in range(10):
            assert self.table.get(key) == self.model.get(key)

    @rule(limit=st.integers(1, 12))
    def first(self, limit):
        assert self.table.first(limit) == sorted(self.model.items())[:limit]

    @rule()
    def fold(self):
        waiting = self.state.waiting()
        assert waiting == len(self.state.changes())
        assert self.state.fold() >= waiting
        self.committed = dict(self.model)

    @rule()
    def flush(self):
        self.state.fold()
        self.state.flush(b"applied")
        self.committed = dict(self.model)
        assert self.disk.rows[APPLIED_KEY] == b"applied"

    @rule()
    def flush_what_is_folded(self):
        """Recovery does this: the group before is stored while the next is open."""
        self.state.flush(b"applied")

    @rule()
    def rollback(self):
        self.state.rollback()
        self.model = dict(self.committed)

    @rule()
    def restart_after_flush(self):
        self.flush()
        self.restart()

    @invariant()
    def other_tables_stay_empty(self):
        assert self.state.table(OTHERS).first(1) == []


TestOverlay = Machine.TestCase


def filled(*keys):
    state = OverlayState((NUMBERS,), FakeDisk().open())
    table = state.table(NUMBERS)
    for key in keys:
        table.put(key, "row")
    state.fold()
    state.flush(b"")
    return state, table


def test_a_deleted_row_is_gone_from_the_cache_too():
    state, table = filled(1)
    assert table.get(1) == "row"
    table.delete(1)
    state.fold()
    state.flush(b"")
    assert table.get(1) is None


def test_an_absent_row_is_asked_for_once_until_it_is_written():
    state, table = filled(1)
    asked = []
    table._store.get = asked.append
    assert [table.get(2), table.get(2), len(asked)] == [None, None, 1]
    table.put(2, "row")
    state.fold()
    state.flush(b"")
    table._fresh.clear()
    assert table.get(2) is None
    assert len(asked) == 2, "the store is asked again once the row was written"


def test_the_first_row_is_found_behind_many_uncommitted_deletions(monkeypatch):
    monkeypatch.setattr(heads, "HEAD_KEYS", 2)
    _, table = filled(1, 2, 3, 4, 5)
    for key in (1, 2, 3):
        table.delete(key)
    assert table.first(1) == [(4, "row")]


def test_changes_lists_the_open_group_only():
    state = OverlayState((NUMBERS, OTHERS), FakeDisk().open())
    state.table(NUMBERS).put(1, "one")
    state.fold()
    state.table(NUMBERS).put(2, "two")
    state.table(OTHERS).delete(3)
    assert state.changes() == [
        ("numbers", b"\x00\x00\x00\x02", b"two"),
        ("others", b"\x00\x00\x00\x03", None),
    ]


@pytest.mark.pure  # a constant is part of compiled code
def test_a_table_that_is_hardly_read_keeps_the_newest_rows_for_whom_they_are_news(monkeypatch):
    monkeypatch.setattr(encoded, "FRESH_ROWS", 3)
    state = OverlayState((SELDOM,), FakeDisk().open())
    table, asked = state.table(SELDOM), []
    get = state._store.get
    table._store.get = lambda key: asked.append(key) or get(key)
    for group in range(10):
        for key in range(group * 4, group * 4 + 4):
            table.put(key, "row")
        state.fold()
        state.flush(b"")
    assert len(table._fresh) <= 2 * 4
    assert (table.get(39), asked) == ("row", [])
    assert (table.get(1), asked) == ("row", [b"s\x00\x00\x00\x01"])
    with pytest.raises(AssertionError, match="not read in order"):
        table.first(1)


def test_the_cache_is_bounded_and_keeps_what_is_asked_for():
    disk = FakeDisk()
    state = OverlayState((NUMBERS,), disk.open(), cached_rows=100)
    table = state.table(NUMBERS)
    for group in range(80):
        for key in range(group * 50, group * 50 + 50):
            table.put(key, "row")
        table.get(0)
        table.get(max(0, group * 50 - 25))
        state.fold()
        state.flush(b"")
    assert len(table._young) + len(table._old) <= 2 * 100 + 2 * 2
    assert len(table._fresh) <= FRESH_ROWS + 50
    assert 0 in table._young or 0 in table._old


def test_a_row_that_is_never_read_pushes_none_out():
    state = OverlayState((NUMBERS,), FakeDisk().open(), cached_rows=2)
    table = state.table(NUMBERS)
    for key in range(100):
        table.put(key, "row")
        table.get(0)
        state.fold()
        state.flush(b"")
    assert [*table._young, *table._old] == [0]
    assert table.get(99) == "row"
    assert 99 in table._young, "now it was asked for"


def test_partitions_of_a_process_share_what_may_be_kept():
    for sharers, kept in ((1, 8), (4, 2)):
        state = OverlayState((NUMBERS,), FakeDisk().open(), 8, lambda sharers=sharers: sharers)
        table = state.table(NUMBERS)
        for key in range(kept + 1):
            table.put(key, "row")
            state.fold()
            state.flush(b"")
            table.get(key)
            assert len(table._young) == key + 1
        state.flush(b"")
        assert (len(table._young), len(table._old)) == (0, kept + 1)


def test_asking_for_the_first_row_reads_the_store_once_for_many_deletions():
    disk = FakeDisk()
    state = OverlayState((NUMBERS,), disk.open())
    table = state.table(NUMBERS)
    for key in range(1000):
        table.put(key, "row")
    state.fold()
    state.flush(b"")
    scans = []
    scan = state._store.scan
    state._store.scan = lambda *args: scans.append(args) or scan(*args)
    for key in range(600):
        assert table.first(1) == [(key, "row")]
        table.delete(key)
        state.fold()
        state.flush(b"")
    assert len(scans) <= 600 // heads.HEAD_KEYS + 1
    assert scans[-1][0] >= b"n" + (heads.HEAD_KEYS - 1).to_bytes(4, "big"), "behind the tombstones"


@given(st.lists(st.tuples(KEYS, st.booleans())), st.integers(1, 5))
def test_small_heads_are_right_too(changes, keys):
    before, heads.HEAD_KEYS = heads.HEAD_KEYS, keys
    try:
        state, model = OverlayState((NUMBERS,), FakeDisk().open()), {}
        table = state.table(NUMBERS)
        for index, (key, keep) in enumerate(changes):
            if keep:
                table.put(key, "row")
                model[key] = "row"
            else:
                table.delete(key)
                model.pop(key, None)
            assert table.first(3) == sorted(model.items())[:3]
            if index % 4 == 3:
                state.fold()
                state.flush(b"")
    finally:
        heads.HEAD_KEYS = before
