"""An operator's records are acknowledged, or the operator is told."""

import pytest
from confluent_kafka import KafkaError

from ops.delivery import deliver
from tests.unit.ops.kafka_doubles import FakeProducer
from topics.errors import TopicRefusedError

RECORDS = [(b"0", b"a", 0), (b"1", b"b", 1)]


def test_every_record_is_written_to_its_partition():
    producer = FakeProducer()
    deliver(producer, "t", RECORDS)
    assert producer.records == [("t", b"0", b"a", 0), ("t", b"1", b"b", 1)]


def test_what_the_broker_refused_is_told_though_nothing_is_left_in_the_queue():
    refused = KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED)
    with pytest.raises(TopicRefusedError, match="uthoriz"):
        deliver(FakeProducer(refused=refused), "t", RECORDS)


def test_what_is_left_in_the_queue_is_told():
    with pytest.raises(TopicRefusedError, match="not acknowledged within 10 s"):
        deliver(FakeProducer(unflushed=1), "t", RECORDS)
