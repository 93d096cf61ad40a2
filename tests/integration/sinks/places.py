"""Empty stores for one journey: where they are, what they hold, and the sinks that feed them."""

import itertools
import signal
from contextlib import contextmanager

import psycopg
import redis

from sinks.cassandra.digest import digests as cassandra_digests
from sinks.cassandra.reads import CassandraReads
from sinks.cassandra.session import open_session
from sinks.digests import differences
from sinks.errors import StoreAway
from sinks.postgres.digest import digest as postgres_digest
from sinks.postgres.migrate import migrate
from sinks.postgres.reads import PostgresReads
from sinks.redis.digest import digests as redis_digests
from sinks.redis.reads import RedisReads
from tests.integration.sinks.feeding import start_sink
from tests.support.stack import wait_until

STORES = ("postgres", "cassandra", "redis")
DEADLINE_S = 180  # 90 s ran out once, beside a removal of folders that kept the disk busy
_serial = itertools.count(1)


class Places:
    """A database, a keyspace and a Redis database, all empty."""

    def __init__(self, endpoints, folder):
        self.endpoints, self.folder = endpoints, folder
        self.processes = []
        number = next(_serial)
        self.postgres = endpoints.postgres.rpartition("/")[0] + f"/journey_{number}"
        self.redis = endpoints.redis.rpartition("/")[0] + f"/{number % 15 + 1}"
        if endpoints.postgres:
            with psycopg.connect(endpoints.postgres, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE journey_{number}")
        with redis.Redis.from_url(self.redis) as client:
            client.flushdb()
        self._emptied = not endpoints.cassandra

    def empty_cassandra(self):
        """Drop its tables, once; it takes seconds: only for a journey that starts its sink."""
        if self._emptied:
            return
        session = self.session()
        session.execute("DROP KEYSPACE ledger", timeout=60)
        session.cluster.shutdown()
        self._emptied = True

    def session(self):
        return open_session(self.endpoints.cassandra)

    @property
    def env(self):
        own = {"LEDGER_POSTGRES": self.postgres, "LEDGER_REDIS": self.redis}
        return {**self.endpoints.env(), **own}

    def start(self, store, *arguments, crash_point=""):
        if store in {"cassandra", "all"}:
            self.empty_cassandra()
        log = self.folder / f"{store}-{len(self.processes)}.log"
        process = start_sink(store, self.env, log, *arguments, crash_point=crash_point)
        self.processes.append(process)
        return process

    def log(self, number=-1):
        (path,) = self.folder.glob(f"*-{number % len(self.processes)}.log")
        return path.read_text()

    def open_reads(self, store):
        if store == "postgres":
            return PostgresReads(self.postgres)
        if store == "redis":
            return RedisReads(self.redis)
        return CassandraReads(self.endpoints.cassandra)

    @contextmanager
    def level(self, store, fed):
        """Give the question whether a store stands at the end of the log."""
        if store == "postgres":
            migrate(self.postgres)  # a process may be asked before it made the tables
        opened = []

        def there():
            try:
                if not opened:  # a store that has just come back may not answer the first time
                    opened.append(self.open_reads(store))
                held = opened[0].positions()
            except StoreAway:
                return False
            expected = {log.partition: log.sequence for log in fed.logs}
            return {number: at.sequence for number, at in held.items()} == expected

        try:
            yield there
        finally:
            for reads in opened:
                reads.close()

    def wait_for(self, store, fed, deadline_s=DEADLINE_S):
        """Wait until a store stands at the end of the log."""

        def checked():
            assert not self.processes or self.processes[-1].poll() is None, self.log()
            return there()

        with self.level(store, fed) as there:
            wait_until(checked, deadline_s)

    def assert_holds_exactly(self, store, fed):
        held = self.digests(store, len(fed.logs))
        found = [differences(log, held[number]) for number, log in enumerate(fed.expected())]
        assert found == [[]] * len(fed.logs)

    def digests(self, store, partitions):
        if store == "postgres":
            return [postgres_digest(self.postgres, number) for number in range(partitions)]
        if store == "redis":
            return redis_digests(self.redis)
        session = self.session()
        try:
            return cassandra_digests(session)
        finally:
            session.cluster.shutdown()

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
