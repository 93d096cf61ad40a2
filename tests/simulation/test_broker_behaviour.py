"""What the runtime relies on in a broker: true of the virtual one and of the real one."""

import pytest

from streams.runtime.errors import FencedError
from streams.runtime.job import LogRecord, Output
from tests.simulation.brokers import FEW_TAKES, OnKafka, OnVirtual
from tests.support.stack import wait_until


@pytest.fixture(params=["virtual", pytest.param("kafka", marks=pytest.mark.integration)])
def on(request):
    if request.param == "virtual":
        return OnVirtual()
    return OnKafka(request.getfixturevalue("ledger_stack").endpoints.kafka)


@pytest.fixture
def writer(on):
    made = on.producer()
    made.fence()
    yield made
    made.drop()


def records(*values):
    return [LogRecord(b"key", value) for value in values]


def written(producer, *values):
    producer.begin()
    return producer.send_log(records(*values))


def test_log_and_outputs_become_visible_together_and_only_by_the_commit(on, writer):
    assert written(writer, b"one", b"two") == 1
    writer.send([Output(on.other, 0, b"key", b"told")])
    writer.settle()
    assert on.values(on.log, takes=FEW_TAKES)[0] == []
    assert on.values(on.other, takes=FEW_TAKES)[0] == []
    writer.commit()
    assert on.values(on.log, until=3) == ([b"one", b"two"], 3)
    assert on.values(on.other, until=2) == ([b"told"], 2)


def test_a_marker_takes_an_offset_and_the_position_steps_over_it(on, writer):
    written(writer, b"one")
    writer.commit()
    # The reply to EndTxn may be here before the marker is in the log.
    wait_until(lambda: on.broker.bounds(on.log, 0) == (0, 2))
    assert written(writer, b"two") == 2
    writer.commit()
    assert on.values(on.log, until=4) == ([b"one", b"two"], 4)


def test_aborted_records_keep_their_offsets_and_are_never_seen(on, writer):
    written(writer, b"gone")
    writer.abort()
    assert written(writer, b"kept") == 2
    writer.commit()
    assert on.values(on.log, until=4) == ([b"kept"], 4)


def test_bounds_count_open_records(on, writer):
    """A bound from the last stable offset would miss a commit in flight."""
    written(writer, b"open", b"open too")
    assert on.broker.bounds(on.log, 0) == (0, 2)


def test_an_open_record_holds_back_what_lies_behind_it(on, writer):
    writer.begin()
    writer.send([Output(on.other, 0, b"key", b"open")])
    writer.settle()
    on.say(on.other, b"behind")
    assert on.values(on.other, takes=FEW_TAKES) == ([], 0)
    writer.commit()
    assert on.values(on.other, until=3) == ([b"open", b"behind"], 3)


def test_what_lies_before_an_open_record_can_be_read(on, writer):
    on.say(on.other, b"before")
    writer.begin()
    writer.send([Output(on.other, 0, b"key", b"open")])
    writer.settle()
    assert on.values(on.other, until=1) == ([b"before"], 1)


def test_init_aborts_what_a_predecessor_left_open(on, writer):
    written(writer, b"left open")
    successor = on.producer()
    successor.fence()
    assert on.broker.bounds(on.log, 0) == (0, 2)
    assert on.values(on.log, until=2) == ([], 2)
    assert written(successor, b"mine") == 2
    successor.commit()
    assert on.values(on.log, until=4) == ([b"mine"], 4)
    successor.drop()


def test_init_leaves_another_id_alone(on, writer):
    written(writer, b"mine")
    other = on.producer("two")
    other.fence()
    writer.commit()
    assert on.values(on.log, until=2) == ([b"mine"], 2)
    other.drop()


@pytest.mark.parametrize("call", ["commit", "send_log", "abort"])
def test_a_fenced_producer_hears_it_and_changes_nothing(on, writer, call):
    written(writer, b"of the zombie")
    successor = on.producer()
    successor.fence()
    calls = {
        "commit": writer.commit,
        "abort": writer.abort,
        "send_log": lambda: writer.send_log(records(b"more")),
    }
    with pytest.raises(FencedError):
        calls[call]()
    assert on.broker.bounds(on.log, 0) == (0, 2)
    assert on.values(on.log, until=2) == ([], 2)
    successor.drop()


def test_a_fenced_producer_cannot_begin_anew(on, writer):
    successor = on.producer()
    successor.fence()
    with pytest.raises(FencedError):
        written(writer, b"of the zombie")
    assert on.broker.bounds(on.log, 0) == (0, 0)
    successor.drop()


def test_a_producer_that_fences_again_goes_on(on, writer):
    written(writer, b"gone")
    writer.fence()
    written(writer, b"kept")
    writer.commit()
    assert on.values(on.log, until=4) == ([b"kept"], 4)


def test_an_empty_transaction_leaves_nothing(on, writer):
    writer.begin()
    writer.commit()
    assert on.broker.bounds(on.log, 0) == (0, 0)


def test_an_input_is_read_again_by_its_offset_and_a_marker_is_none(on, writer):
    on.say(on.other, b"plain")
    writer.begin()
    writer.send([Output(on.other, 0, b"key", b"committed")])
    writer.commit()
    read = on.broker.read_input
    assert (read(on.other, 0, 0).value, read(on.other, 0, 1).value) == (b"plain", b"committed")
    assert read(on.other, 0, 2) is None
    assert read(on.other, 0, 3) is None


def test_an_aborted_input_is_not_read_again(on, writer):
    writer.begin()
    writer.send([Output(on.other, 0, b"key", b"aborted")])
    writer.settle()
    writer.abort()
    assert on.broker.read_input(on.other, 0, 0) is None


def test_a_topic_keeps_its_id(on):
    first = on.broker.topic_id(on.log)
    assert first == on.broker.topic_id(on.log) != on.broker.topic_id(on.other)
