"""Tail: each look reads on from where the one before ended, and nothing twice or too far back."""

import pytest

from ingress.sdk.errors import BrokerUnreachableError
from ops import reading
from ops.web import tail as module
from ops.web.tail import Tail
from tests.unit.ops.kafka_doubles import FakeConsumer, FakeMessage, end_of
from tests.unit.ops.ledger_day import day


@pytest.fixture
def log(monkeypatch):
    """A consumer that hands out two partitions' Decisions."""
    consumer = FakeConsumer({0: 0, 1: 0})
    monkeypatch.setattr(reading, "Consumer", consumer)
    return consumer


def put(consumer, writer, first=0):
    """Records from an offset on become readable."""
    added = [each for each in writer.log if each.offset >= first]
    consumer.ends[writer.partition] = writer.log[-1].offset + 2
    messages = [
        FakeMessage(
            writer.partition, each.offset, each.value, headers=list(dict(each.headers).items())
        )
        for each in added
    ]
    consumer.batches.append([*messages, end_of(writer.partition, consumer.ends[writer.partition])])


def starts(consumer):
    return {partition: offset for _, partition, offset in consumer.assigned}


def test_the_first_look_begins_shortly_before_the_end(log, monkeypatch):
    here, _ = day(settled=False)
    put(log, here)
    monkeypatch.setattr(module, "FIRST_RECORDS", 3)
    seen = Tail("broker").look()
    assert starts(log) == {0: here.log[-1].offset + 2 - 3}
    assert (seen.partitions, seen.sequences) == (2, {0: here.decisions[-1].sequence})


def test_the_next_look_reads_on_where_the_last_one_ended_and_only_what_moved(log):
    here, there = day(settled=False)
    put(log, here)
    tail = Tail("broker")
    tail.look()
    end = log.ends[0]
    put(log, there)
    seen = tail.look()
    assert starts(log) == {1: 0}
    log.assigned = []
    assert tail.look() == seen
    assert starts(log) == {}
    log.ends[0] = end + 1  # a marker alone
    log.batches.append([end_of(0, end + 1)])
    assert tail.look() == seen
    assert starts(log) == {0: end}


def test_more_than_can_be_read_is_left_out(log, monkeypatch):
    here, _ = day(settled=False)
    put(log, here)
    tail = Tail("broker")
    tail.look()
    monkeypatch.setattr(module, "RECORDS_MAX", 5)
    log.ends[0] += 100
    log.batches.append([end_of(0, log.ends[0])])
    tail.look()
    assert starts(log) == {0: log.ends[0] - 5}


def test_another_log_than_before_is_known_from_its_own_records_alone(log):
    here, there = day(settled=False)
    put(log, here)
    tail = Tail("broker")
    assert tail.look().travelling != ()
    log.ends[0] = 0
    put(log, there)
    seen = tail.look()
    assert (seen.travelling, set(seen.sequences)) == ((), {1})


def test_a_broker_that_is_away_is_told_and_entered_anew(log, monkeypatch):
    here, _ = day(settled=False)
    put(log, here)
    tail = Tail("broker")
    seen = tail.look()

    def away(_self):
        raise BrokerUnreachableError("broker", "no answer")

    with monkeypatch.context() as patch:
        patch.setattr(reading.TopicReader, "ends", away)
        with pytest.raises(BrokerUnreachableError):
            tail.look()
    assert log.closed
    log.closed = False
    assert tail.look() == seen
    tail.close()
    assert log.closed
