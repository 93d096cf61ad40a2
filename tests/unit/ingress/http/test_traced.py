"""A request that is traced: whose trace it is, what is told of it, and what is ignored."""

import pytest

from eyes.trace import begun, read
from ingress.http.entrance import Entrance
from ingress.http.traced import Tracer
from tests.support.collector import Told

CALLER = begun("caller", "of-the-door", 1.0)
HEADER = CALLER.header.decode()
TOP_UP = {"currency": "EUR", "amount": "1.00", "rail": "card", "ext_ref": "r-1"}


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def traced(door, told):
    """The door with a collector; requests without a trace begin none."""

    def make(ratio=0.0):
        times = iter(range(1_000, 1_000_000))
        tracer = Tracer(told, ratio, times.__next__)
        door.app.state.entrance = Entrance(door.ledger, door.waiters, tracer)
        return door

    return make


def top_up(door, **headers):
    return door.post("/wallets/w-1/top-ups", TOP_UP, **headers)


def test_the_callers_trace_goes_on_with_the_command_and_is_answered(traced, told):
    door = traced()
    assert top_up(door, traceparent=HEADER, Prefer="wait=5").status_code == 200
    answered, received = told.spans
    assert (received.name, received.parent, received.kind) == (
        "received",
        CALLER.span_id,
        "server",
    )
    assert (answered.name, answered.parent) == ("answered", received.trace.span_id)
    assert read(door.ledger.traces[0]) == received.trace
    assert received.trace.trace_id == CALLER.trace_id
    assert received.told["ledger.outcome"] == "ACCEPTED"


def test_who_does_not_wait_is_told_of_the_request_alone(traced, told):
    assert top_up(traced(), traceparent=HEADER).status_code == 202
    assert told.names() == ["received"]


@pytest.mark.parametrize("header", ["nonsense", HEADER.upper(), f"{HEADER}, {HEADER}", "x" * 500])
def test_a_header_that_cannot_be_read_is_no_error(traced, told, header):
    assert top_up(traced(), traceparent=header).status_code == 202
    assert told.spans == []


def test_what_is_not_sampled_is_passed_on_and_not_told(traced, told):
    quiet = f"{HEADER[:-1]}0"
    door = traced(ratio=1.0)
    top_up(door, traceparent=quiet)
    assert told.spans == []
    assert door.ledger.traces == [quiet]


def test_a_request_without_a_trace_begins_one_at_the_ratio_and_a_repeat_the_same(traced, told):
    door = traced(ratio=1.0)
    for _ in range(2):
        top_up(door)
    first, second = told.spans
    assert first.trace == second.trace == begun("w-1", "k-1", 1.0)
    assert first.parent == ""
    assert [read(each) for each in door.ledger.traces] == [first.trace] * 2


def test_a_door_without_a_collector_passes_the_header_on(door):
    top_up(door, traceparent=HEADER)
    assert door.ledger.traces == [HEADER]


def test_what_was_refused_is_told_too(traced, told):
    door = traced()
    door.ledger.lost = True
    assert top_up(door, traceparent=HEADER).status_code == 503
    assert told.names() == ["received"]
