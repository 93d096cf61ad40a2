"""The three stores as a proof sees them: where each stands, and what it really holds.

Owns: the mapping from a store's name to its own reads and digests.
Never: compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sinks.cassandra.digest import digests as cassandra_digests
from sinks.cassandra.reads import CassandraReads
from sinks.cassandra.session import open_session
from sinks.digests import BALANCES, ENTRIES, HISTORY, OUTCOMES, POSTINGS
from sinks.postgres.digest import digest as postgres_digest
from sinks.postgres.reads import PostgresReads
from sinks.redis.digest import digests as redis_digests
from sinks.redis.reads import RedisReads
from sinks.settings import host_and_port

if TYPE_CHECKING:
    from ops.stack import Endpoints
    from sinks.batch import Position
    from sinks.digests import Digests


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store: which views it holds, its positions, and the digests of given partitions."""

    views: tuple[str, ...]
    positions: Callable[[], Mapping[int, Position]]
    digests: Callable[[tuple[int, ...]], Mapping[int, Digests]]

    def level(self, sequences: Mapping[int, int]) -> bool:
        """Whether the store has applied every sequence."""
        found = self.positions()
        return all(
            partition in found and found[partition].sequence >= sequence
            for partition, sequence in tuple(sequences.items())  # a thread of the audit adds to it
        )


def stores_of(ends: Endpoints) -> dict[str, StoreView]:
    """Return the three stores of a stack."""
    return {
        "PostgreSQL": StoreView(
            (OUTCOMES, ENTRIES, POSTINGS, BALANCES),
            PostgresReads(ends.postgres).positions,
            partial(_postgres, ends.postgres),
        ),
        "Cassandra": StoreView(
            (HISTORY,),
            CassandraReads(*host_and_port(ends.cassandra)).positions,
            partial(_cassandra, ends.cassandra),
        ),
        "Redis": StoreView(
            (BALANCES,), RedisReads(ends.redis).positions, partial(_redis, ends.redis)
        ),
    }


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
