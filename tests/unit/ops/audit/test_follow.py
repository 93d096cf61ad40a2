"""Following the log: sealed groups of every partition, and what may go wrong on the way."""

import pytest
from confluent_kafka import KafkaError

from ledger.sealing import LogError
from ops.audit import follow
from ops.audit.follow import LogFollower
from tests.unit.ops.kafka_doubles import FakeConsumer, FakeMessage, end_of, trouble
from tests.unit.ops.ledger_day import day
from topics.catalog import EVENTS


def messages(writer):
    return [
        FakeMessage(writer.partition, each.offset, each.value, headers=list(each.headers))
        for each in writer.log
    ]


@pytest.fixture
def following(monkeypatch):
    def start(*batches):
        consumer = FakeConsumer({0: 9, 1: 9}, *batches)
        monkeypatch.setattr(follow, "Consumer", consumer)
        return LogFollower("nowhere"), consumer

    return start


def test_it_reads_every_partition_from_its_beginning_and_commits_nothing(following):
    follower, consumer = following()
    assert consumer.assigned == [(EVENTS.name, 0, 0), (EVENTS.name, 1, 0)]
    assert consumer.config["isolation.level"] == "read_committed"
    assert consumer.config["enable.auto.commit"] is False
    follower.close()
    assert consumer.closed


def test_groups_come_out_whole(following):
    here, there = day()
    mine, theirs = messages(here), messages(there)
    follower, _ = following(mine[:5], theirs, mine[5:])
    assert [len(each.decisions) for each in follower.poll()] == [4]
    assert len(list(follower.poll())) == len(there.groups)
    assert len(list(follower.poll())) == len(here.groups) - 1
    assert follower.readers[0].sequence == len(here.log)
    assert follower.reached == {0: here.log[-1].offset + 1, 1: there.log[-1].offset + 1}


def test_the_end_of_a_partition_is_a_position(following):
    follower, _ = following([end_of(1, 12)], [end_of(1, 5)])
    assert list(follower.poll()) == list(follower.poll()) == []
    assert follower.reached == {0: 0, 1: 12}


@pytest.mark.parametrize(
    "error",
    [
        KafkaError(KafkaError._ALL_BROKERS_DOWN),
        KafkaError(KafkaError._TRANSPORT),
        KafkaError(KafkaError.NOT_LEADER_FOR_PARTITION, "moving", retriable=True),
    ],
)
def test_a_broker_that_is_away_comes_back_by_itself(following, error):
    follower, _ = following([FakeMessage(error=error)], messages(day()[0])[:4])
    assert list(follower.poll()) == []
    assert len(list(follower.poll())) == 1


def test_another_error_stops_it(following):
    follower, _ = following([trouble(KafkaError.TOPIC_AUTHORIZATION_FAILED)])
    with pytest.raises(RuntimeError, match="TOPIC_AUTHORIZATION_FAILED"):
        list(follower.poll())


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (lambda m: FakeMessage(0, 0, None), "unreadable: no frame"),
        (lambda m: FakeMessage(0, 0, b"rubbish", headers=m.headers()), "unreadable: no frame"),
        (lambda m: FakeMessage(0, 0, m.value()), "sequence 1 has no `chain` header"),
        (lambda m: FakeMessage(0, 0, m.value(), headers=[("chain", "text")]), "has no `chain`"),
        (lambda m: FakeMessage(1, 0, m.value(), headers=m.headers()), "Decision of partition 0"),
    ],
)
def test_damage_is_named(following, message, said):
    first = messages(day()[0])[0]
    follower, _ = following([message(first)])
    with pytest.raises(LogError, match=said) as damage:
        list(follower.poll())
    assert "offset 0: " in str(damage.value)
