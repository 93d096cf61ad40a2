"""Every record gets its offset, and what is between them is closed by transactions alone."""

from hypothesis import given
from hypothesis import strategies as st

from ops.backup import layout
from ops.backup.layout import Stretch, stretches
from ops.backup.segment import Entry


def entry(offset):
    return Entry(offset, 0, None, b"v", ())


@given(
    st.integers(0, 3),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4)), max_size=6),
    st.integers(0, 4),
)
def test_written_side_by_side_each_lies_where_it_lay(first, runs, behind):
    entries, at = [], first
    for count, gap in runs:
        entries += [entry(offset) for offset in range(at, at + count)]
        at += count + gap
    last = entries[-1].offset + 1 if entries else first
    at, found = first, []
    for records, gap in stretches(first, entries, last + behind):
        found += [(each.offset, at + index) for index, each in enumerate(records)]
        at += len(records) + gap
    assert found == [(each.offset, each.offset) for each in entries]
    assert at == last + behind


def test_a_long_stretch_comes_in_parts(monkeypatch):
    monkeypatch.setattr(layout, "STRETCH_MAX", 3)
    found = list(stretches(0, map(entry, range(8)), 9))
    assert [(len(each.entries), each.gap) for each in found] == [(3, 0), (3, 0), (2, 1)]
    monkeypatch.setattr(layout, "STRETCH_BYTES", 2)
    assert [len(each.entries) for each in stretches(0, map(entry, range(4)), 0)] == [2, 2]


def test_only_a_gap_at_the_very_beginning_has_no_record_before_it():
    assert list(stretches(0, [entry(2)], 0)) == [Stretch([], 2), Stretch([entry(2)], 0)]
    assert list(stretches(5, [], 5)) == []
    assert list(stretches(5, [], 7)) == [Stretch([], 2)]
