"""Connections to Redis, and which of its errors mean: try again later.

Owns: connection parameters and the classification of errors.
Never: keys or scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.exceptions import (
    ClusterDownError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    TryAgainError,
)
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
)
from redis.exceptions import (
    TimeoutError as RedisTimeoutError,
)
from redis.retry import Retry

from sinks.errors import StoreAway

TIMEOUT_S: Final = 5.0
AWAY: Final = (
    ClusterDownError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisConnectionError,
    RedisTimeoutError,
    TryAgainError,
)


def connect(url: str) -> redis.Redis:
    """Return a client; it connects when used, and retries nothing: the lane does that."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn an error of the server or the network into `StoreAway`; bugs pass as they are."""
    try:
        yield
    except AWAY as error:
        raise StoreAway(f"Redis: {str(error) or type(error).__name__}") from error


def hash_at(client: redis.Redis, key: str) -> dict[str, str]:
    """Return the fields of a hash, empty when there is none."""
    # Text already, by `decode_responses`; the client's types do not know.
    return {str(field): str(value) for field, value in client.hgetall(key).items()}
