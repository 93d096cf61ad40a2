"""How far a long reading is: every record passes, a pipe gets lines, a terminal a bar."""

import io

import pytest

from ops import advance
from ops.advance import LINE_EVERY_S, LOOK_EVERY, spans_of, told
from ops.reading import Record

SPANS = {0: (10, 2_010), 3: (0, 2_000)}


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    """Half of what a line takes passes between two looks."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        self.now += LINE_EVERY_S / 2
        return self.now


def records():
    for number in range(2_000):
        yield Record("log", 0, 10 + number, 0, None, b"", {})
        yield Record("log", 3, number, 0, None, b"", {})


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(advance, "time", Clock())


def test_every_record_passes_and_a_pipe_is_told_now_and_then(clock):
    out = io.StringIO()
    assert list(told(records(), SPANS, "verify", out)) == list(records())
    assert out.getvalue().splitlines() == [
        "verify: 2,000 of 4,000 offsets",
        "verify: 4,000 of 4,000 offsets",
    ]


def test_what_is_short_is_not_told_of(clock):
    out = io.StringIO()
    few = [each for each, _ in zip(records(), range(LOOK_EVERY - 1), strict=False)]
    assert list(told(iter(few), SPANS, "verify", out)) == few
    assert out.getvalue() == ""


def test_a_terminal_has_a_bar():
    out = Terminal()
    assert len(list(told(records(), SPANS, "state", out))) == 4_000
    assert "state" in out.getvalue()
    assert "/4000" in out.getvalue()


def test_the_span_is_what_retention_left_and_what_is_committed():
    class Reader:
        def ends(self):
            return {0: 9, 1: 4}

        def first(self, partition):
            return partition

    assert spans_of(Reader()) == {0: (0, 9), 1: (1, 4)}
    assert spans_of(Reader(), (1, 7)) == {1: (1, 4)}
