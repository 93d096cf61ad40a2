"""Tampering: one row or balance of a store changed behind the ledger's back, for `bench recon`.

Owns: what is changed in each store, and how the break that it must become begins.
Never: writes anywhere but into a store of a bench.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import psycopg
import redis

from sinks.redis.client import hash_at
from sinks.redis.rows import PARTITION_FIELD, PREFIX, wallet_key

if TYPE_CHECKING:
    import random

    from ops.stack.config import Endpoints

# A posting of the newest Decisions, so that the bucket attested next is the one it is in.
NEWEST: Final = """
    UPDATE posting SET amount = amount + 1 WHERE (partition, sequence, entry, posting) =
    (SELECT partition, sequence, entry, posting FROM posting WHERE partition = %s
     ORDER BY sequence DESC, entry DESC, posting DESC OFFSET 50 LIMIT 1)
    RETURNING partition
"""


class Tampers(Protocol):
    """Changes something in one store."""

    def tamper(self, number: int) -> str:
        """Change one thing; return what the id of its break begins with, empty: nothing to do."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


class PostgresTampers:
    """Edits a posting of the newest ones, in one partition after the other."""

    def __init__(self, endpoints: Endpoints, partitions: int) -> None:
        self._connection: Final = psycopg.connect(endpoints.postgres, autocommit=True)
        self._partitions: Final = partitions

    def tamper(self, number: int) -> str:
        """Edit one row."""
        changed = self._connection.execute(NEWEST, (number % self._partitions,)).fetchone()
        return "" if changed is None else f"RI09-{changed[0]}-"

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class RedisTampers:
    """Changes a balance of some wallet, its sequence as it is."""

    def __init__(self, endpoints: Endpoints, chance: random.Random) -> None:
        self._client: Final = redis.Redis.from_url(endpoints.redis, decode_responses=True)
        self._chance: Final = chance

    def tamper(self, number: int) -> str:
        """Change one balance."""
        del number
        keys = self._client.keys(wallet_key(PREFIX, "*"))
        assert isinstance(keys, list), "a client that is not asynchronous answers at once"
        key = self._chance.choice(sorted(map(str, keys)))
        held = hash_at(self._client, key)
        partition = held.pop(PARTITION_FIELD, "")
        if not held:
            return ""
        field = min(held)
        minor, sequence = held[field].split(" ")
        self._client.hset(key, field, f"{int(minor) - 7} {sequence}")
        return f"RI11-{partition}-wallet:{key.removeprefix(wallet_key(PREFIX, ''))}-"

    def close(self) -> None:
        """Close the client."""
        self._client.close()
