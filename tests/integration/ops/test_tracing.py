"""One trace of a transfer between partitions: from the request to the last store."""

from collections import Counter

import httpx
import pytest

from eyes.trace import begun
from ops.stack import ports, workers
from tests.support.collector import Collector

CALLER = begun("a-caller", "of-the-door", 1.0)
NAMES = {
    ("received", "ledger-http"): 1,
    ("produced", "ledger-http"): 1,
    ("answered", "ledger-http"): 1,
    # The payer's partition, the recipient's, and the payer's again, which is told of the end.
    ("decided", "ledger-wallet"): 3,
    ("committed", "ledger-wallet"): 3,
    **{(f"stored {store}", f"ledger-sink-{store}"): 3 for store in workers.SINKS},
}


@pytest.fixture(scope="module")
def collector(ledger):
    """A collector that every process tells; after a next restart they tell nobody again."""
    collector = Collector()
    for name in (*ledger.workers, *ledger.sinks):
        ledger.rearm(name, LEDGER_TRACES=collector.url)
    ledger.wait_running(*ledger.workers)
    yield collector
    collector.close()


@pytest.fixture(scope="module")
def door(ledger, collector):
    """The base address of a door that traces."""
    port = ports.settle(ledger.stack.layout.root / "http-traced.json", ["http"], {})["http"]
    spec = workers.door(port, ledger.stack.endpoints)
    env = {**spec.env, "LEDGER_TRACES": collector.url}
    process = ledger.stack.manage("http-traced", spec.argv, env)

    def ready():
        try:
            return httpx.get(f"http://127.0.0.1:{port}/readyz").is_success
        except httpx.TransportError:
            return False

    ledger.wait_for("the traced door to be ready", ready)
    yield f"http://127.0.0.1:{port}/v1"
    process.stop()


def test_a_transfer_between_partitions_is_one_whole_trace(ledger, collector, door, ctl):
    payer, payee = ledger.open(partition=0, fund=100_00), ledger.open(partition=5)
    answer = httpx.post(
        f"{door}/wallets/{payer}/transfers",
        json={"to_wallet_id": payee, "currency": "EUR", "amount": "12.50"},
        headers={
            "Idempotency-Key": "traced-1",
            "Prefer": "wait=20",
            "traceparent": CALLER.header.decode(),
        },
        timeout=40,
    )
    assert answer.status_code == 200, answer.text

    def told():
        spans = collector.spans(CALLER.trace_id)
        return Counter((span.name, service) for service, span in spans)

    ledger.wait_for("every span of the transfer", lambda: told().total() >= sum(NAMES.values()))
    assert told() == NAMES
    spans = {span.span_id: span for _, span in collector.spans(CALLER.trace_id)}
    assert len(spans) == sum(NAMES.values())
    for span in spans.values():
        while span.parent_span_id in spans:
            span = spans[span.parent_span_id]  # noqa: PLW2901 - up to the first one
        assert (span.name, span.parent_span_id.hex()) == ("received", CALLER.span_id)
    stops = ctl("trace", "traced-1", "--json")
    shown = {stop["stop"] for stop in stops if stop["trace"] == CALLER.trace_id}
    assert shown == {"command", "leg", "result"}
    assert f"trace {CALLER.trace_id}" in ctl("trace", "traced-1")
