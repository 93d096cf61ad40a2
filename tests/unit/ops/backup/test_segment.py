"""A segment is its records, and nothing else."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.backup.errors import DamagedError
from ops.backup.segment import MAGIC, Entry, packed, unpacked

DATA = st.none() | st.binary(max_size=40)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(0, 2**62),
        st.integers(-1, 2**62),
        DATA,
        DATA,
        st.lists(st.tuples(st.text(max_size=8), DATA), max_size=3).map(tuple),
    ),
    max_size=5,
)


@given(ENTRIES)
def test_what_is_packed_comes_out(entries):
    data = packed(entries)
    assert list(unpacked(data, "a")) == entries
    assert packed(entries) == data


def test_nothing_is_not_empty():
    empty, null = Entry(1, 2, b"", b"", (("h", b""),)), Entry(2, 2, None, None, (("h", None),))
    assert list(unpacked(packed([empty, null]), "a")) == [empty, null]


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_cut_record_is_named(cut):
    plain = gzip.decompress(packed([Entry(5, 6, b"key", b"value", (("h", b"x"),))]))
    data = gzip.compress(plain[:-cut])
    if len(plain) - cut == len(MAGIC):
        assert list(unpacked(data, "seg")) == []
        return
    with pytest.raises(DamagedError, match=r"^seg: "):
        list(unpacked(data, "seg"))


@pytest.mark.parametrize(
    "data", [b"", b"plain", gzip.compress(b"another\n", mtime=0), packed([])[:-3]]
)
def test_another_file_is_refused(data):
    with pytest.raises(DamagedError, match=r"^seg: "):
        list(unpacked(data, "seg"))
