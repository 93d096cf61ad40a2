"""The three stores as whoever waits for them sees them: how far each has followed the log.

Owns: the mapping from a store's name to its own reads; one connection a question, so that a store
that was away is simply asked again.
Never: compares what they hold; `ops.checker` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from psycopg.errors import UndefinedTable

from sinks.cassandra.reads import CassandraReads
from sinks.errors import StoreAway
from sinks.postgres.reads import PostgresReads
from sinks.redis.reads import RedisReads

if TYPE_CHECKING:
    from ops.stack import Endpoints


def is_level(store: str, ends: Endpoints, sequences: Mapping[int, int]) -> bool:
    """Tell whether a store has applied every sequence."""
    found = sequences_of(store, ends)
    return all(
        found.get(partition, -1) >= sequence
        for partition, sequence in tuple(sequences.items())  # a thread of the audit adds to it
    )


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
        return CassandraReads(ends.cassandra)
    return RedisReads(ends.redis)
