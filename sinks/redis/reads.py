"""Reads of the balances, newest state only.

Owns: every question that others may ask this store.
Never: writes.
"""

from __future__ import annotations

from typing import Final

from sinks.answers import Balance
from sinks.batch import Position
from sinks.errors import StoreAway
from sinks.redis.client import connect, hash_at, store_errors
from sinks.redis.rows import PREFIX, balances_in, offset_key, wallet_key
from sinks.redis.sink import position_in

__all__ = ["Balance", "Position", "RedisReads", "StoreAway"]

KEYS_PER_SCAN: Final = 1_000


class RedisReads:
    """Answers from the balances; connects when first asked."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self._client: Final = connect(url)
        self._prefix: Final = prefix

    def balances(self, wallet_id: str) -> tuple[Balance, ...]:
        """Return the wallet's accounts."""
        key = wallet_key(self._prefix, wallet_id)
        with store_errors():
            fields = hash_at(self._client, key)
        facts = balances_in(key, fields) if fields else ()
        return tuple(Balance(*fact) for fact in sorted(facts))

    def positions(self) -> dict[int, Position]:
        """Return where the store stands, by partition."""
        found: dict[int, Position] = {}
        with store_errors():
            pattern = offset_key(self._prefix, 0)[:-1] + "*"
            for key in self._client.scan_iter(pattern, count=KEYS_PER_SCAN):
                at = position_in(hash_at(self._client, key))
                if at is not None:
                    found[int(key.rpartition(":")[2])] = at
        return dict(sorted(found.items()))

    def position(self, partition: int) -> Position | None:
        """Return where the store stands in one partition; None before its first Decision."""
        with store_errors():
            return position_in(hash_at(self._client, offset_key(self._prefix, partition)))

    def close(self) -> None:
        """Close every connection."""
        self._client.close()
