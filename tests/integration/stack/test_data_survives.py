"""A stack that comes up again on the same folder has the same ports and the same data."""

import uuid

import psycopg
import pytest
import redis
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import RoundRobinPolicy
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from ops.stack import Stack
from ops.stack import lock as locks
from tests.support.stack import stack_folder

TOPIC = "survivors"
WORD = b"still here"
DEADLINE_S = 30


def write_kafka(address):
    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic(TOPIC, 1, 1)])[TOPIC].result(DEADLINE_S)
    producer = Producer({"bootstrap.servers": address, "transactional.id": "survivors"})
    producer.init_transactions(DEADLINE_S)
    producer.begin_transaction()
    producer.produce(TOPIC, WORD, partition=0)
    producer.commit_transaction(DEADLINE_S)


def read_kafka(address):
    consumer = Consumer({"bootstrap.servers": address, "group.id": uuid.uuid4().hex})
    try:
        consumer.assign([TopicPartition(TOPIC, 0, 0)])
        message = consumer.poll(DEADLINE_S)
        return message.value() if message else None
    finally:
        consumer.close()


def write_postgres(dsn):
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE survivors (word bytea)")
        connection.execute("INSERT INTO survivors VALUES (%s)", (WORD,))


def read_postgres(dsn):
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT word FROM survivors").fetchone()[0]


def cassandra_session(ends):
    profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy())
    cluster = Cluster(
        [ends.cassandra_host],
        port=ends.cassandra_port,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
    )
    return cluster, cluster.connect()


def write_cassandra(ends):
    cluster, session = cassandra_session(ends)
    session.execute(
        "CREATE KEYSPACE survivors WITH replication = "
        "{'class': 'SimpleStrategy', 'replication_factor': 1}"
    )
    session.execute("CREATE TABLE survivors.words (id int PRIMARY KEY, word blob)")
    session.execute("INSERT INTO survivors.words (id, word) VALUES (1, %s)", (WORD,))
    cluster.shutdown()


def read_cassandra(ends):
    cluster, session = cassandra_session(ends)
    try:
        return session.execute("SELECT word FROM survivors.words WHERE id = 1").one().word
    finally:
        cluster.shutdown()


def write_redis(address):
    with redis.Redis.from_url(address) as client:
        client.set(TOPIC, WORD)


def read_redis(address):
    with redis.Redis.from_url(address) as client:
        return client.get(TOPIC)


@pytest.fixture(scope="module")
def folder():
    with stack_folder() as root:
        yield root


def test_records_in_all_four_servers_survive_a_restart(folder):
    with Stack(folder) as first:
        ends = first.endpoints
        write_kafka(ends.kafka)
        write_postgres(ends.postgres)
        write_cassandra(ends)
        write_redis(ends.redis)
    assert not locks.is_held(first.layout.lock)
    with Stack(folder) as second:
        assert second.endpoints == ends
        assert read_kafka(ends.kafka) == WORD
        assert read_postgres(ends.postgres) == WORD
        assert read_cassandra(ends) == WORD
        assert read_redis(ends.redis) == WORD
        # Killed outright and started again, each server still has what it acknowledged.
        for name in second.config.services:
            second.kill(name)
        for name in second.config.services:
            second.start(name)
        assert read_kafka(ends.kafka) == WORD
        assert read_postgres(ends.postgres) == WORD
        assert read_cassandra(ends) == WORD
        assert read_redis(ends.redis) == WORD
