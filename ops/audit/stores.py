"""The three stores as a proof sees them: where each stands, and what it really holds.

Owns: the mapping from a store's name to its own reads and digests; one connection a question, so
that a store that was away is simply asked again.
Never: compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from psycopg.errors import UndefinedTable

from sinks.cassandra.digest import digests as cassandra_digests
from sinks.cassandra.reads import CassandraReads
from sinks.cassandra.session import open_session
from sinks.digests import BALANCES, ENTRIES, HISTORY, OUTCOMES, POSTINGS
from sinks.errors import StoreAway
from sinks.postgres.digest import digest as postgres_digest
from sinks.postgres.reads import PostgresReads
from sinks.redis.digest import digests as redis_digests
from sinks.redis.reads import RedisReads
from sinks.settings import host_and_port

if TYPE_CHECKING:
    from ops.stack import Endpoints
    from sinks.digests import Digests


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store: which views it holds, its sequences, and the digests of given partitions."""

    views: tuple[str, ...]
    sequences: Callable[[], Mapping[int, int]]
    digests: Callable[[tuple[int, ...]], Mapping[int, Digests]]

    def level(self, sequences: Mapping[int, int]) -> bool:
        """Whether the store has applied every sequence."""
        found = self.sequences()
        return all(
            found.get(partition, -1) >= sequence
            for partition, sequence in tuple(sequences.items())  # a thread of the audit adds to it
        )


def stores_of(ends: Endpoints) -> dict[str, StoreView]:
    """Return the three stores of a stack."""
    return {
        "PostgreSQL": StoreView(
            (OUTCOMES, ENTRIES, POSTINGS, BALANCES),
            partial(sequences_of, "postgres", ends),
            partial(_postgres, ends.postgres),
        ),
        "Cassandra": StoreView(
            (HISTORY,),
            partial(sequences_of, "cassandra", ends),
            partial(_cassandra, ends.cassandra),
        ),
        "Redis": StoreView(
            (BALANCES,), partial(sequences_of, "redis", ends), partial(_redis, ends.redis)
        ),
    }


def sequences_of(store: str, ends: Endpoints) -> dict[int, int]:
    """Return the last sequence a store has; nothing while it is away or was never filled."""
    try:
        with closing(_reads(store, ends)) as reads:
            return {number: place.sequence for number, place in reads.positions().items()}
    except (StoreAway, UndefinedTable):
        return {}


def _reads(store: str, ends: Endpoints) -> PostgresReads | CassandraReads | RedisReads:
    if store == "postgres":
        return PostgresReads(ends.postgres)
    if store == "cassandra":
        return CassandraReads(*host_and_port(ends.cassandra))
    return RedisReads(ends.redis)


def _postgres(dsn: str, partitions: tuple[int, ...]) -> Mapping[int, Digests]:
    return {number: postgres_digest(dsn, number) for number in partitions}


def _cassandra(place: str, _partitions: tuple[int, ...]) -> Mapping[int, Digests]:
    session = open_session(*host_and_port(place))
    try:
        return cassandra_digests(session)
    finally:
        session.cluster.shutdown()


def _redis(url: str, _partitions: tuple[int, ...]) -> Mapping[int, Digests]:
    return redis_digests(url)
