"""Spans on their way: bounded, in the background, and never somebody's wait."""

import threading

import pytest

from eyes.spans import BATCH_MAX, PATH, Span, SpanQueue, read_collector, spans_to
from eyes.trace import begun
from tests.support.collector import Collector
from tests.support.stack import wait_until

TRACE = begun("w-1", "c-1", 1.0)
SPAN = Span("decided", TRACE.child("x"), TRACE.span_id, 1_000_000, 2_000_000, told={"n": 1})


def test_a_queue_that_is_full_drops_and_counts():
    queue = SpanQueue(lambda spans: True, queue_max=3)
    for _ in range(5):
        queue.tell(SPAN)
    assert queue.dropped == 2
    assert queue.turn()
    queue.tell(SPAN)
    assert queue.dropped == 2


def test_a_collector_that_hangs_holds_nobody_up():
    asked, released = threading.Event(), threading.Event()

    def hangs(spans):
        asked.set()
        return released.wait()

    queue = SpanQueue(hangs, queue_max=10)
    queue.start()
    queue.tell(SPAN)
    assert asked.wait(10)
    for _ in range(11):
        queue.tell(SPAN)
    assert queue.dropped == 1
    released.set()
    queue.close()


def test_an_outage_is_said_once_and_its_spans_are_counted(caplog):
    taken = False
    queue = SpanQueue(lambda spans: taken)
    for _ in range(BATCH_MAX + 1):
        queue.tell(SPAN)
    assert not queue.turn()
    assert not queue.turn()
    assert queue.dropped == BATCH_MAX + 1
    taken = True
    queue.tell(SPAN)
    assert queue.turn()
    assert not queue.turn()  # nothing is left
    assert [each.message for each in caplog.records] == [
        "traces: the collector takes no spans",
        "traces: the collector is back",
    ]


def test_a_collector_gets_every_span_with_its_ids_times_and_service():
    collector = Collector()
    queue = spans_to(read_collector(collector.url), "ledger-wallet", "worker-1")
    try:
        queue.tell(SPAN)
        wait_until(lambda: collector.spans(TRACE.trace_id))
    finally:
        queue.close()
        collector.close()
    ((service, span),) = collector.spans(TRACE.trace_id)
    assert (collector.requests[0][0], service, span.name) == (PATH, "ledger-wallet", "decided")
    assert (span.span_id.hex(), span.parent_span_id.hex()) == (SPAN.trace.span_id, TRACE.span_id)
    assert (span.start_time_unix_nano, span.end_time_unix_nano) == (10**9, 2 * 10**9)
    assert [(each.key, each.value.int_value) for each in span.attributes] == [("n", 1)]


def test_nobody_sends_where_no_collector_is_named():
    assert read_collector("") == ""
    assert spans_to("", "ledger-wallet", "worker-1") is None


def test_a_path_that_is_given_stays():
    assert read_collector("https://c:4318/") == f"https://c:4318{PATH}"
    assert read_collector("http://c/otlp/v1/traces") == "http://c/otlp/v1/traces"


@pytest.mark.parametrize("text", ["c:4318", "grpc://c:4317", "http://"])
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="LEDGER_TRACES is"):
        read_collector(text)
