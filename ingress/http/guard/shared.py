"""Shared: what all doors of a ledger know together, in Redis.

Owns: the connections, apart from those of the sinks: neither waits for the other.
Never: a balance; what is here may be lost at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from limits.aio.storage import RedisStorage, Storage
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from ingress.http.guard.slips import SlipsAwayError

PREFIX: Final = "ledger-door"
ANSWER_S: Final = 0.25
CONNECTIONS_MAX: Final = 32


class Shared:
    """Counters and notes at one address; connects when used, and repeats nothing."""

    def __init__(self, url: str) -> None:
        self._pool: Final = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS_MAX,
            timeout=ANSWER_S,
            decode_responses=True,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 0),
        )
        self.slips: Final = SharedSlips(Redis(connection_pool=self._pool))
        self.counters: Final[Storage] = RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=PREFIX,
            # The library passes it on to the client; its own types are narrower.
            connection_pool=cast("str", self._pool),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.disconnect()


class SharedSlips:
    """Notes of all doors; satisfies `Slips`."""

    def __init__(self, client: Redis) -> None:
        self._redis: Final = client

    async def make(self, name: str, text: str, ttl_s: int) -> bool:
        """Make a note; False when there is one of this name."""
        with _answered():
            return bool(await self._redis.set(_key(name), text, nx=True, ex=ttl_s))

    async def change(self, name: str, text: str, ttl_s: int) -> bool:
        """Change a note and its end; False when there is none."""
        with _answered():
            return bool(await self._redis.set(_key(name), text, xx=True, ex=ttl_s))

    async def read(self, name: str) -> str | None:
        """Return a note."""
        with _answered():
            found = await self._redis.get(_key(name))
        return None if found is None else str(found)

    async def drop(self, name: str) -> None:
        """End a note."""
        with _answered():
            await self._redis.delete(_key(name))


@contextmanager
def _answered() -> Iterator[None]:
    """Turn whatever the server or the way to it did into `SlipsAwayError`."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise SlipsAwayError(str(error)) from error


def _key(name: str) -> str:
    return f"{PREFIX}:{name}"
