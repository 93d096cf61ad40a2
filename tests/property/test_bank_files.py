"""Any damage to a file of a bank leads to a result or to a refusal with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.reconciliation.external.checks import findings_of
from streams.reconciliation.external.errors import Unreadable
from streams.reconciliation.external.readers import READERS, read_file
from tests.support.bank_files import EVERY_FILE, bytes_of, mapping_for

DAMAGE = st.one_of(
    st.tuples(st.just("cut"), st.integers(0, 6_000), st.just(b"")),
    st.tuples(st.just("put"), st.integers(0, 6_000), st.binary(max_size=12)),
    st.tuples(st.just("drop"), st.integers(0, 6_000), st.binary(max_size=40)),
    st.tuples(
        st.just("over"),
        st.integers(0, 6_000),
        st.sampled_from([b"\x00", b"9", b"-", b",", b"/", b"<", b":", b"\n", b"\xff", b'"', b" "]),
    ),
)


def damaged(data, damages):
    for kind, where, what in damages:
        at = where % (len(data) + 1)
        if kind == "cut":
            data = data[:at]
        elif kind == "put":
            data = data[:at] + what + data[at:]
        elif kind == "drop":
            data = data[:at] + data[at + len(what) + 1 :]
        else:
            data = data[:at] + what + data[at + 1 :]
    return data


@pytest.mark.parametrize("name", EVERY_FILE)
@given(damages=st.lists(DAMAGE, min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused_with_its_line(name, damages):
    data = damaged(bytes_of(name), damages)
    result_or_refusal(lambda: findings_of(read_file(data, mapping=mapping_for(name))), data)


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_any_bytes_are_read_or_refused_with_their_line(name, data):
    result_or_refusal(lambda: READERS[name](data, name), data)


def result_or_refusal(act, data):
    try:
        act()
    except Unreadable as refused:
        lines = data.count(b"\n") + data.count(b"\r") + len(data) // 94 + 1
        assert 1 <= refused.line <= lines + 1  # noqa: PT017 - either way is right
        assert refused.reason  # noqa: PT017
