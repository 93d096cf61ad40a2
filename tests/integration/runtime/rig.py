"""A plain host for tests: fetches with its own consumer, runs each partition in a thread.

Owns: what the Faust host does for a partition, without Faust: hand-overs with positions, readiness.
Never: joins a group; the test says who owns what.
"""

import threading
import time
import uuid

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from streams.runtime.assembly import Assembly, RuntimeSettings, transactional_id
from streams.runtime.job import InputRecord
from streams.runtime.ports import HandOver
from tests.support.stack import wait_until
from tests.unit.streams.runtime.counter import counter_job

PATIENCE_S = 30.0
NOT_YET = {
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.UNKNOWN_LEADER_EPOCH,  # the broker has yet to hear of it
    KafkaError._NOENT,  # the client's own word for a topic without leaders
}


def _led(admin, places):
    """Whether somebody leads every partition: a broker answers before a new topic has leaders."""
    asked = admin.list_offsets(dict.fromkeys(places, OffsetSpec.latest()))
    try:
        return [future.result(PATIENCE_S).offset for future in asked.values()]
    except KafkaException as error:
        if error.args[0].code() in NOT_YET:
            return None
        raise


class Topics:
    """Topics of one test, under names of its own."""

    def __init__(self, servers, tag=None):
        self.servers = servers
        self.tag = tag or uuid.uuid4().hex[:8]
        self.urgent, self.words = f"urgent.{self.tag}", f"words.{self.tag}"
        self.told = f"told.{self.tag}"
        self.job = counter_job(f"counter-{self.tag}", self.urgent, self.words, self.told)
        self.log = self.job.log.name
        if tag is None:
            self.create()

    def create(self, partitions=1):
        admin = AdminClient({"bootstrap.servers": self.servers})
        timed = {"message.timestamp.type": "LogAppendTime"}
        made = admin.create_topics(
            [
                NewTopic(self.urgent, partitions, 1, config=timed),
                NewTopic(self.words, partitions, 1, config=timed),
                NewTopic(self.told, partitions, 1),
                NewTopic(self.log, partitions, 1, config={"compression.type": "zstd"}),
            ]
        )
        for future in made.values():
            future.result(PATIENCE_S)
        places = [
            TopicPartition(topic, partition) for topic in made for partition in range(partitions)
        ]
        wait_until(lambda: _led(admin, places))

    def transactional_id(self, partition=0):
        return transactional_id(f"test-{self.tag}", self.job.name, partition)

    def say(self, *words, value=b"", partition=0, topic=None):
        producer = Producer({"bootstrap.servers": self.servers, "linger.ms": 5})
        for word in words:
            producer.produce(topic or self.words, value, word, partition)
        assert producer.flush(PATIENCE_S) == 0

    def read(self, topic, partition=0, isolation="read_committed"):
        """Return every visible record of a partition as (offset, key, value)."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.servers,
                "group.id": "reads",
                "isolation.level": isolation,
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
                "enable.auto.commit": False,
            }
        )
        consumer.assign([TopicPartition(topic, partition, 0)])
        found = []
        until = time.monotonic() + PATIENCE_S
        try:
            while time.monotonic() < until:
                for message in consumer.consume(1000, 0.2):
                    if message.error() is None:
                        found.append((message.offset(), message.key(), message.value()))
                    elif message.error().code() == KafkaError._PARTITION_EOF:
                        return found
        finally:
            consumer.close()
        raise AssertionError(f"no end of {topic}[{partition}] within {PATIENCE_S} s")

    def told_values(self, partition=0):
        return [value for _, _, value in self.read(self.told, partition)]


class PlainHost:
    """Satisfies `Host` for one partition."""

    def __init__(self, topics, state, worker="w1", environ=None, partition=0, limits=None):
        self.topics = topics
        self.partition = partition
        self.epoch = 1
        self.confirms = True
        self.seek = None
        self.readies = []
        self.error = None
        self.stopping = threading.Event()
        settings = RuntimeSettings(topics.servers, f"test-{topics.tag}", worker, state)
        arguments = {} if limits is None else {"limits": limits}
        self.assembly = Assembly(settings, self.expired, environ or {}, **arguments)
        self.runner = self.assembly.runner(topics.job, partition, self)
        self.threads = []

    def expired(self, reason):
        raise AssertionError(reason)

    def ready(self, partition, ticket, positions):
        self.readies.append((ticket, dict(positions)))
        self.seek = ticket, dict(positions)

    def holds(self, partition, epoch):
        return epoch == self.epoch

    def generation_confirmed(self, epoch, since):
        return self.confirms

    def room(self, partition):
        pass

    def start(self):
        for target in (self.run, self.fetch):
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
            self.threads.append(thread)
        return self

    def run(self):
        try:
            self.runner.begin(self.epoch, 1)
        except BaseException as error:  # noqa: BLE001 - the test judges it
            self.error = error

    def fetch(self):
        consumer = Consumer(
            {
                "bootstrap.servers": self.topics.servers,
                "group.id": "plain-host",
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
                "enable.auto.commit": False,
                "fetch.wait.max.ms": 10,
                "fetch.queue.backoff.ms": 5,
            }
        )
        ticket, positions = None, {}
        while not self.stopping.is_set():
            if self.seek is not None:
                (ticket, positions), self.seek = self.seek, None
                consumer.assign(
                    [TopicPartition(topic, self.partition, at) for topic, at in positions.items()]
                )
            if ticket is None or not all(map(self.runner.has_room, positions)):
                self.stopping.wait(0.002)
                continue
            self.hand_over(consumer.consume(500, 0.01), ticket, positions)
        consumer.close()

    def hand_over(self, messages, ticket, positions):
        if self.seek is not None:
            return
        for topic, before in list(positions.items()):
            records, after = [], before
            for message in messages:
                if message.topic() != topic or message.offset() < before:
                    continue
                if message.error() is None:
                    record = InputRecord(
                        topic,
                        self.partition,
                        message.offset(),
                        message.timestamp()[1] * 1000,
                        message.key(),
                        message.value(),
                    )
                    records.append(record)
                    after = message.offset() + 1
                else:
                    after = max(after, message.offset())
            if after > before:
                positions[topic] = after
                self.runner.offer(
                    HandOver(
                        topic=topic,
                        partition=self.partition,
                        ticket=ticket,
                        before=before,
                        records=records,
                        after=after,
                    )
                )

    def wait_for(self, condition, patience_s=PATIENCE_S):
        until = time.monotonic() + patience_s
        while not condition():
            if self.error is not None:
                raise self.error
            assert time.monotonic() < until, self.runner.status()
            time.sleep(0.01)

    def records(self):
        return self.runner.status()["records"]

    def stop(self):
        closed = self.runner.revoke(PATIENCE_S)
        self.stopping.set()
        for thread in self.threads:
            thread.join(PATIENCE_S)
        assert closed
