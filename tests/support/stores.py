"""The three stores as a comparison asks them: digests by partition, and where each stands.

Owns: one connection a store and question, so that a store that was away is simply asked again.
Never: writes.
"""

from contextlib import closing

from psycopg.errors import UndefinedTable

from sinks.cassandra.digest import digests as cassandra_digests
from sinks.cassandra.reads import CassandraReads
from sinks.cassandra.session import open_session
from sinks.digests import BALANCES, HISTORY, Digest
from sinks.errors import StoreAway
from sinks.postgres.digest import digest as postgres_digest
from sinks.postgres.reads import PostgresReads
from sinks.redis.digest import digests as redis_digests
from sinks.redis.reads import RedisReads


def reads_of(name, ends):
    """The reads of one store, to be closed."""
    if name == "postgres":
        return closing(PostgresReads(ends.postgres))
    if name == "cassandra":
        return closing(CassandraReads(ends.cassandra_host, ends.cassandra_port))
    return closing(RedisReads(ends.redis))


def digests_of(name, ends, partitions):
    """Partition -> digests by view."""
    if name == "postgres":
        return {number: postgres_digest(ends.postgres, number) for number in range(partitions)}
    view, found = _of_all_partitions(name, ends)
    return {number: found.get(number, {view: Digest()}) for number in range(partitions)}


def _of_all_partitions(name, ends):
    if name == "redis":
        return BALANCES, redis_digests(ends.redis)
    session = open_session(ends.cassandra_host, ends.cassandra_port)
    try:
        return HISTORY, cassandra_digests(session)
    finally:
        session.cluster.shutdown()


def sequences_of(name, ends):
    """Partition -> last sequence the store has; empty while it is away or was never filled."""
    try:
        with reads_of(name, ends) as reads:
            return {number: place.sequence for number, place in reads.positions().items()}
    except (StoreAway, UndefinedTable):
        return {}
