"""A sink that traces: a Decision is told when its batch was stored, and once."""

import pytest

from eyes.trace import HEADER, begun
from sinks.batch import Batch, Position
from sinks.errors import StoreAway
from sinks.stores import marks_of
from sinks.traced import KEPT_MAX, TracedSink, TraceMarks
from tests.support.collector import Told

TRACE = begun("w-1", "c-1", 1.0)
HEADERS = [("chain", b"x"), (HEADER, TRACE.header)]


class Store:
    def __init__(self):
        self.batches, self.away, self.closed = [], False, False

    def position(self, partition):
        return None

    def write(self, batch):
        if self.away:
            raise StoreAway("away")
        self.batches.append(batch)

    def close(self):
        self.closed = True


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def sink(store, told):
    times = iter(range(100, 10_000, 100))
    return TracedSink("redis", store, TraceMarks(), told, lambda: next(times))


def batch(partition, upto):
    return Batch(partition, [], None, Position(upto, upto, bytes(32), "topic"))


def test_what_is_stored_is_told_below_its_decision(sink, told):
    marks = marks_of(sink)
    marks.note(3, 7, HEADERS)
    sink.write(batch(3, 8))
    (span,) = told.spans
    assert (span.name, span.parent, span.trace.trace_id) == (
        "stored redis",
        TRACE.span_id,
        TRACE.trace_id,
    )
    assert span.start_us < span.end_us
    assert span.told == {"ledger.partition": 3, "ledger.offset": 7, "ledger.batch": 0}
    sink.write(batch(3, 9))
    assert len(told.spans) == 1


def test_what_waits_for_a_later_batch_is_not_told_yet(sink, told):
    marks = marks_of(sink)
    marks.note(3, 9, HEADERS)
    marks.note(4, 1, HEADERS)
    sink.write(batch(3, 9))
    assert told.spans == []
    sink.write(batch(3, 10))
    assert [span.told["ledger.offset"] for span in told.spans] == [9]


def test_a_store_that_is_away_is_told_when_it_took_the_batch(sink, store, told):
    marks_of(sink).note(0, 0, HEADERS)
    store.away = True
    with pytest.raises(StoreAway):
        sink.write(batch(0, 1))
    assert told.spans == []
    store.away = False
    sink.write(batch(0, 1))
    assert told.names() == ["stored redis"]


def test_a_record_read_again_is_told_once(sink, told):
    for _ in range(2):
        marks_of(sink).note(0, 0, HEADERS)
    sink.write(batch(0, 1))
    assert len(told.spans) == 1


@pytest.mark.parametrize(
    "headers",
    [None, [], [("chain", b"x")], [(HEADER, None)], [(HEADER, b"bad")], [(HEADER, "text")]],
)
def test_other_headers_are_nobodys(sink, told, headers):
    marks_of(sink).note(0, 0, headers)
    sink.write(batch(0, 1))
    assert told.spans == []


def test_no_more_are_kept_than_the_bound(sink, told):
    marks = marks_of(sink)
    for offset in range(KEPT_MAX + 5):
        marks.note(0, offset, HEADERS)
    assert len(marks.below(0, KEPT_MAX + 5)) == KEPT_MAX


def test_a_store_is_closed_through_it_and_a_plain_one_has_no_marks(sink, store):
    assert marks_of(store) is None
    sink.close()
    assert store.closed
    assert sink.position(0) is None
