"""Transactions and recovery on a real broker: fencing, bounds, markers, what a predecessor left."""

import socket
import subprocess
import sys
import time

import pytest
from confluent_kafka.admin import AdminClient

from streams.runtime import kafka, kafka_producer
from streams.runtime.clock import SystemClock
from streams.runtime.errors import (
    BrokerAwayError,
    FencedError,
    StoreLockedError,
    WrongConfigError,
)
from streams.runtime.job import LogRecord, Output
from streams.runtime.kafka import KafkaBroker
from streams.runtime.kafka_producer import KafkaTransactions
from streams.runtime.store import StoreRoot
from streams.runtime.watchdog import CallWatch
from tests.integration.runtime.rig import PlainHost
from tests.support.stack import wait_until

CLOCK = SystemClock()


def producer_of(topics):
    return KafkaTransactions(
        topics.servers,
        topics.transactional_id(),
        (topics.log, 0),
        CLOCK,
        CallWatch("test", CLOCK),
    )


def test_log_and_outputs_become_visible_together_and_only_by_the_commit(topics):
    producer = producer_of(topics)
    producer.fence()
    producer.begin()
    offset = producer.send_log(
        [LogRecord(b"0", b"one", (("part", b"0"),)), LogRecord(b"0", b"two")]
    )
    producer.send([Output(topics.told, 0, None, b"told")])
    producer.settle()
    assert offset == 1
    assert topics.read(topics.log) == []
    producer.commit()
    assert [value for _, _, value in topics.read(topics.log)] == [b"one", b"two"]
    assert topics.told_values() == [b"told"]
    producer.drop()


def test_an_aborted_transaction_is_never_seen(topics):
    producer = producer_of(topics)
    producer.fence()
    producer.begin()
    producer.send_log([LogRecord(b"0", b"gone")])
    producer.abort()
    producer.begin()
    producer.send_log([LogRecord(b"0", b"kept")])
    producer.commit()
    assert [value for _, _, value in topics.read(topics.log)] == [b"kept"]
    producer.drop()


@pytest.mark.parametrize("call", ["commit", "send_log", "begin", "abort"])
def test_a_zombie_is_fenced_and_changes_nothing(topics, call):
    zombie, owner = producer_of(topics), producer_of(topics)
    zombie.fence()
    if call != "begin":
        zombie.begin()
        zombie.send_log([LogRecord(b"0", b"of the zombie")])
    owner.fence()

    def wake():
        if call == "send_log":
            zombie.send_log([LogRecord(b"0", b"late")])
        elif call == "begin":
            zombie.begin()
            zombie.send_log([LogRecord(b"0", b"late")])
        else:
            getattr(zombie, call)()

    with pytest.raises(FencedError):
        wake()
    owner.begin()
    owner.send_log([LogRecord(b"0", b"of the owner")])
    owner.commit()
    assert [value for _, _, value in topics.read(topics.log)] == [b"of the owner"]
    zombie.drop()
    owner.drop()


def test_a_transaction_that_the_broker_timed_out_looks_fenced(topics, monkeypatch):
    monkeypatch.setattr(kafka_producer, "TRANSACTION_TIMEOUT_MS", 1000)
    producer = producer_of(topics)
    producer.fence()
    producer.begin()
    producer.send_log([LogRecord(b"0", b"too slow")])
    # The broker looks every two seconds; its marker takes an offset of its own.
    wait_until(lambda: KafkaBroker(topics.servers, CLOCK).bounds(topics.log, 0) == (0, 2))
    with pytest.raises(FencedError):
        producer.commit()
    assert topics.read(topics.log) == []
    producer.drop()


def test_the_bound_counts_open_records_and_markers(topics):
    broker, producer = KafkaBroker(topics.servers, CLOCK), producer_of(topics)
    producer.fence()
    producer.begin()
    producer.send_log([LogRecord(b"0", b"one"), LogRecord(b"0", b"two")])
    assert broker.bounds(topics.log, 0) == (0, 2), "open records count: a commit may be in flight"
    producer.commit()
    # A commit returns before its markers are written.
    wait_until(lambda: broker.bounds(topics.log, 0) == (0, 3))
    producer.drop()


def test_a_replay_steps_over_markers_and_aborted_records_at_the_end(topics):
    broker, producer = KafkaBroker(topics.servers, CLOCK), producer_of(topics)
    producer.fence()
    producer.begin()
    producer.send_log([LogRecord(b"0", b"one", (("part", b"0"),))])
    producer.commit()
    producer.begin()
    producer.send_log([LogRecord(b"0", b"aborted")])
    producer.abort()
    wait_until(lambda: broker.bounds(topics.log, 0)[1] == 4)
    _, bound = broker.bounds(topics.log, 0)
    tail = broker.tail(topics.log, 0, 0)
    found = []
    until = time.monotonic() + 10
    while tail.position() < bound and time.monotonic() < until:
        found.extend(tail.take(100))
    tail.close()
    producer.drop()
    assert tail.position() == bound == 4
    assert [(each.offset, each.key, each.value, each.headers[:-1]) for each in found] == [
        (0, b"0", b"one", (("part", b"0"),))
    ]
    assert found[0].headers[-1][0] == "attempt"


def test_a_single_input_is_read_again(topics):
    topics.say(b"a", b"b")
    broker = KafkaBroker(topics.servers, CLOCK)
    record = broker.read_input(topics.words, 0, 1)
    assert (record.key, record.offset, record.topic) == (b"b", 1, topics.words)
    assert record.append_time > 1_600_000_000_000_000
    assert broker.read_input(topics.words, 0, 2) is None


def test_a_topic_that_does_not_exist_is_named(topics):
    broker = KafkaBroker(topics.servers, CLOCK)
    before = broker.topic_id(topics.told)
    admin = AdminClient({"bootstrap.servers": topics.servers})
    admin.delete_topics([topics.told])[topics.told].result(10)

    def ask_until_it_is_gone():
        until = time.monotonic() + 10
        while time.monotonic() < until:
            assert broker.topic_id(topics.told) == before

    with pytest.raises(WrongConfigError, match=f"{topics.told} does not exist"):
        ask_until_it_is_gone()


def test_a_broker_that_is_away_is_named(monkeypatch):
    monkeypatch.setattr(kafka, "ASK_S", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    broker = KafkaBroker(address, CLOCK)
    with pytest.raises(BrokerAwayError, match=address):
        broker.bounds("any", 0)


# Whole partitions.


def test_a_partition_works_and_comes_back_warm_and_cold(topics, tmp_path):
    host = PlainHost(topics, tmp_path).start()
    host.wait_for(lambda: host.readies)
    words = [b"k%d" % (each % 50) for each in range(5000)]
    topics.say(*words)
    host.wait_for(lambda: host.records() == len(words))
    host.stop()
    for worker, replays in (("w1", False), ("w2", True)):
        host = PlainHost(topics, tmp_path, worker=worker).start()
        host.wait_for(lambda host=host: host.readies)
        assert host.readies[0][1] == {topics.urgent: 0, topics.words: len(words)}
        assert (host.runner.status()["replayed"] > 1) is replays  # 1 = a closing record
        host.stop()
    assert len(topics.told_values()) == len(words)


def test_what_a_predecessor_left_open_is_aborted_and_decided_again(topics, tmp_path):
    topics.say(b"a", b"b")
    predecessor = producer_of(topics)
    predecessor.fence()
    predecessor.begin()
    predecessor.send_log([LogRecord(b"0", b"half done")])
    predecessor.send([Output(topics.told, 0, None, b"half done")])
    predecessor.settle()
    host = PlainHost(topics, tmp_path).start()
    host.wait_for(lambda: host.records() == 2)
    host.stop()
    predecessor.drop()
    assert topics.told_values() == [b"a=1", b"b=1"]


def test_a_partition_fenced_by_its_successor_ends_and_changes_nothing(topics, tmp_path):
    zombie = PlainHost(topics, tmp_path, worker="w1").start()
    topics.say(b"a")
    zombie.wait_for(lambda: zombie.records() == 1)
    owner = PlainHost(topics, tmp_path, worker="w2").start()
    owner.wait_for(lambda: owner.readies)
    topics.say(b"b")
    owner.wait_for(lambda: owner.records() == 1)
    wait_until(lambda: zombie.error is not None)
    owner.stop()
    zombie.stop()
    assert isinstance(zombie.error, FencedError)
    assert topics.told_values() == [b"a=1", b"b=1"]


def test_a_state_folder_open_in_another_process_is_named(tmp_path):
    script = (
        "import sys; from pathlib import Path; from streams.runtime.store import StoreRoot;"
        "s = StoreRoot(Path(sys.argv[1])).open('job', 3); print('open', flush=True);"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(StoreLockedError, match="open in another process"):
            StoreRoot(tmp_path).open("job", 3)
        other.stdin.close()
