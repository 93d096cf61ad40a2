"""Stores: the sinks' own reads, by name, and what it means when one is away.

Owns: which reads belong to which store.
Never: writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from ops.settings import Settings
from schemas.access.cassandra import Place
from sinks.batch import Position


class Reads(Protocol):
    """What every store can tell."""

    def positions(self) -> dict[int, Position]:
        """Return where the store stands, by partition."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


def reads_of(name: str, place: Place) -> Any:  # noqa: ANN401 - each store answers its own questions
    """Return the reads of a store; its driver is imported now. Raises `StoreAway` when asked."""
    if name == "postgres":
        from sinks.postgres.reads import PostgresReads  # noqa: PLC0415 - an extra

        return PostgresReads(str(place))
    if name == "cassandra":
        from sinks.cassandra.reads import CassandraReads  # noqa: PLC0415 - an extra

        return CassandraReads(place)
    from sinks.redis.reads import RedisReads  # noqa: PLC0415 - an extra

    return RedisReads(str(place))


@contextmanager
def opened(name: str, place: Place) -> Iterator[Any]:
    """Give the reads of a store and close them."""
    reads = reads_of(name, place)
    try:
        yield reads
    finally:
        reads.close()


def balances_in(settings: Settings, store: str, wallet_id: str) -> dict[tuple[str, str], int]:
    """Return a wallet's balances as a store has them."""
    with opened(store, settings.store(store)) as reads:
        return {(each.account, each.currency): each.minor for each in reads.balances(wallet_id)}


def positions_in(settings: Settings, store: str) -> dict[int, Position]:
    """Return where a store stands, by partition."""
    with opened(store, settings.store(store)) as reads:
        found: dict[int, Position] = reads.positions()
        return found
