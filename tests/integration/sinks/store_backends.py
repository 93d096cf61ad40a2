"""The stores under the conformance suite: how to get an empty one, look into it and drop it."""

import itertools

import psycopg
import redis

from sinks.cassandra.digest import digest as cassandra_digest
from sinks.cassandra.reads import CassandraReads
from sinks.cassandra.session import open_session
from sinks.cassandra.sink import CassandraSink
from sinks.crash import never
from sinks.memory.digest import digest as memory_digest
from sinks.memory.reads import MemoryReads
from sinks.memory.sink import MemorySink, MemoryStore
from sinks.postgres.digest import digest as postgres_digest
from sinks.postgres.migrate import migrate
from sinks.postgres.reads import PostgresReads
from sinks.postgres.sink import PostgresSink
from sinks.redis.digest import digest as redis_digest
from sinks.redis.reads import RedisReads
from sinks.redis.sink import RedisSink

_serial = itertools.count(1)
OF_JOURNAL = (
    "balances",
    "wallet",
    "outcomes",
    "entries",
    "holds",
    "transactions",
    "transaction_steps",
)


class Store:
    """An empty store: `open` gives a writer, the rest looks at what it holds."""

    def __init__(self):
        self.opened = []

    def open(self, crash=never):
        sink = self.make(crash)
        self.opened.append(sink)
        return sink

    def positions(self):
        return self.reads().positions()

    def drop(self):
        for sink in self.opened:
            sink.close()


class OfMemory(Store):
    views = (*OF_JOURNAL, "history")

    def __init__(self):
        super().__init__()
        self.held = MemoryStore()

    def make(self, crash):
        return MemorySink(self.held, crash)

    def digest(self, partition):
        return memory_digest(self.held, partition)

    def reads(self):
        return MemoryReads(self.held)


class OfPostgres(Store):
    views = OF_JOURNAL

    def __init__(self, endpoints):
        super().__init__()
        self.server = endpoints.postgres
        self.name = f"conformance_{next(_serial)}"
        self.on_server(f"DROP DATABASE IF EXISTS {self.name}")
        self.on_server(f"CREATE DATABASE {self.name}")
        self.dsn = self.server.rpartition("/")[0] + f"/{self.name}"
        migrate(self.dsn)
        self._reads = PostgresReads(self.dsn)

    def make(self, crash):
        return PostgresSink(self.dsn, crash)

    def digest(self, partition):
        return postgres_digest(self.dsn, partition)

    def reads(self):
        return self._reads

    def drop(self):
        super().drop()
        self._reads.close()
        self.on_server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def on_server(self, statement):
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


class OfCassandra(Store):
    views = ("history",)

    def __init__(self, endpoints):
        super().__init__()
        place = endpoints.cassandra
        self.keyspace = f"conformance_{next(_serial)}"
        self.session = open_session(place, self.keyspace)
        self._reads = CassandraReads(place, self.keyspace)

    def make(self, crash):
        return _KeepsSession(self.session, crash, self.keyspace)

    def digest(self, partition):
        return cassandra_digest(self.session, partition, self.keyspace)

    def reads(self):
        return self._reads

    def drop(self):
        super().drop()
        self._reads.close()
        self.session.execute(f"DROP KEYSPACE {self.keyspace}", timeout=60)
        self.session.cluster.shutdown()


class _KeepsSession(CassandraSink):
    """Writers of one test share the session; the store closes it."""

    def close(self):
        pass


class OfRedis(Store):
    views = ("balances",)

    def __init__(self, endpoints):
        super().__init__()
        self.url = endpoints.redis
        self.prefix = f"conformance-{next(_serial)}"
        self._reads = RedisReads(self.url, self.prefix)

    def make(self, crash):
        return RedisSink(self.url, crash, self.prefix)

    def digest(self, partition):
        return redis_digest(self.url, partition, self.prefix)

    def reads(self):
        return self._reads

    def drop(self):
        super().drop()
        self._reads.close()
        with redis.Redis.from_url(self.url) as client:
            for key in list(client.scan_iter(f"{self.prefix}:*", count=1000)):
                client.delete(key)


SERVERS = {"postgres": OfPostgres, "cassandra": OfCassandra, "redis": OfRedis}
