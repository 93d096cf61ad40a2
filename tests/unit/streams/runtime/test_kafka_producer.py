"""What each error of the Kafka client means, and how long a call is repeated."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from streams.runtime import kafka_producer
from streams.runtime.errors import (
    AbortRequiredError,
    BrokerAwayError,
    FencedError,
    OutcomeUnknownError,
    ProducerFatalError,
)
from streams.runtime.fakes_local import FakeClock
from streams.runtime.job import LogRecord, Output
from streams.runtime.kafka_producer import KafkaTransactions
from streams.runtime.watchdog import CallWatch


def error(code=KafkaError._TRANSPORT, **kinds):
    return KafkaError(code, "planted", **kinds)


class Client:
    """Stands in for the client's producer: records calls, raises what is planned."""

    def __init__(self, clock):
        self.clock = clock
        self.calls = []
        self.planned = {}
        self.reports = []
        self.attempts = []
        self.refused = {}
        self.left = 0

    def _call(self, name):
        self.calls.append(name)
        planned = self.planned.get(name)
        if planned:
            failure = planned if isinstance(planned, KafkaError) else planned.pop(0)
            self.clock.sleep(4)
            raise failure if isinstance(failure, Exception) else KafkaException(failure)

    def init_transactions(self, timeout):
        self._call("init")

    def begin_transaction(self):
        self._call("begin")

    def commit_transaction(self, timeout):
        self._call("commit")

    def abort_transaction(self, timeout):
        self._call("abort")

    def produce(self, topic, value, key, partition, on_delivery=None, headers=None):
        self._call("produce")
        self.reports.append(on_delivery)
        self.attempts.append(dict(headers)["attempt"].decode())

    def poll(self, timeout):
        self._call("poll")
        return 0

    def purge(self):
        self._call("purge")

    def flush(self, timeout):
        self._call("flush")
        for offset, report in enumerate(self.reports):
            if report is not None:
                report(self.refused.get(offset), Message(offset))
        return self.left


class Message:
    def __init__(self, offset):
        self._offset = offset

    def offset(self):
        return self._offset

    def topic(self):
        return "the.log"


@pytest.fixture
def client(monkeypatch):
    client = Client(FakeClock())
    monkeypatch.setattr(kafka_producer, "Producer", lambda settings: client)
    return client


@pytest.fixture
def producer(client):
    watch = CallWatch("p", client.clock)
    producer = KafkaTransactions("nowhere", "id", ("log", 0), client.clock, watch)
    producer.fence()
    return producer


@pytest.mark.parametrize(
    ("cause", "fault"),
    [
        (error(KafkaError._FENCED, fatal=True), FencedError),
        (error(KafkaError.PRODUCER_FENCED), FencedError),
        (error(KafkaError.INVALID_PRODUCER_EPOCH, txn_requires_abort=True), FencedError),
        (error(fatal=True), ProducerFatalError),
        (error(txn_requires_abort=True), AbortRequiredError),
        (error(), ProducerFatalError),
    ],
)
def test_an_error_of_a_commit_is_named(client, producer, cause, fault):
    client.planned["commit"] = cause
    with pytest.raises(fault, match=r"commit: .*planted"):
        producer.commit()
    assert client.calls.count("commit") == 1


def test_a_retriable_call_is_made_again(client, producer):
    client.planned["commit"] = [error(retriable=True), error(retriable=True)]
    producer.commit()
    assert client.calls.count("commit") == 3


def test_a_call_retriable_past_its_deadline_has_an_unknown_outcome(client, producer):
    client.planned["commit"] = error(retriable=True)
    with pytest.raises(OutcomeUnknownError):
        producer.commit()
    assert client.calls.count("commit") == 3


def test_a_broker_away_while_fencing_is_waited_for(client, producer):
    client.planned["init"] = error(retriable=True)
    with pytest.raises(BrokerAwayError):
        producer.fence()


def test_the_offset_is_that_of_the_last_log_record(producer):
    producer.begin()
    assert producer.send_log([LogRecord(b"k", b"1"), LogRecord(b"k", b"2")]) == 1


def test_one_refused_log_record_fails_the_group_although_the_last_was_acknowledged(
    client, producer
):
    producer.begin()
    client.refused[0] = error(KafkaError.MSG_SIZE_TOO_LARGE, txn_requires_abort=True)
    with pytest.raises(AbortRequiredError):
        producer.send_log([LogRecord(b"k", b"1"), LogRecord(b"k", b"2")])


def test_unacknowledged_records_have_an_unknown_outcome(client, producer):
    client.left = 1
    with pytest.raises(OutcomeUnknownError, match="1 records unacknowledged"):
        producer.send_log([LogRecord(b"k", b"1")])


def test_a_full_queue_is_waited_for(client, producer):
    client.planned["produce"] = [BufferError("full")]
    producer.send([Output("t", 0, None, b"v"), Output("t", 0, None, b"w")])
    assert client.calls.count("produce") == 3
    assert "poll" in client.calls


def test_a_client_that_breaks_inside_a_flush_is_asked_why(client, producer):
    client.planned["flush"] = [SystemError("returned NULL without setting an exception")]
    client.planned["abort"] = error(KafkaError._FENCED, fatal=True)
    with pytest.raises(FencedError):
        producer.settle()


def test_a_client_that_breaks_for_no_reason_is_dropped(client, producer):
    client.planned["flush"] = [SystemError("returned NULL without setting an exception")]
    with pytest.raises(ProducerFatalError):
        producer.settle()


@pytest.mark.parametrize("call", ["commit", "flush", "abort"])
def test_every_call_is_watched_and_no_longer_than_it_takes(client, producer, call):
    watched = []
    original = client._call
    client._call = lambda name: watched.append(producer._watch.since) or original(name)
    {"commit": producer.commit, "flush": producer.settle, "abort": producer.abort}[call]()
    assert watched[0] is not None
    assert producer._watch.since is None


def test_every_record_names_the_attempt_it_belongs_to(client, producer):
    """The same name for a whole transaction, another for the next, another after a fence."""
    for _ in range(2):
        producer.begin()
        producer.send_log([LogRecord(b"k", b"1", (("chain", b"c"),))])
        producer.send([Output("t", 0, None, b"v")])
    client.clock.sleep(1)
    producer.fence()
    producer.begin()
    producer.send([Output("t", 0, None, b"v")])
    first, second, third = client.attempts[0], client.attempts[2], client.attempts[4]
    assert client.attempts == [first, first, second, second, third]
    assert len({first, second, third}) == 3
    assert all(each.startswith("id/") for each in client.attempts)
