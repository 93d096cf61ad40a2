"""Connections to PostgreSQL, and which of their errors mean: try again later.

Owns: connection parameters and the classification of errors.
Never: SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sinks.errors import StoreAway

CONNECT_TIMEOUT_S: Final = 5
# A server that vanished without a word is noticed after about 10 s instead of two hours.
PARAMETERS: Final = (
    f"connect_timeout={CONNECT_TIMEOUT_S} keepalives_idle=5 keepalives_interval=2"
    " keepalives_count=3 tcp_user_timeout=10000"
)
# A primary that became a standby refuses writes until the address points to the new primary.
AWAY: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.IdleInTransactionSessionTimeout,
)


def connect(dsn: str, name: str, *, autocommit: bool = True) -> psycopg.Connection:
    """Open a connection; transactions are opened where they are needed, unless told otherwise."""
    described = make_conninfo(f"{PARAMETERS} application_name={name}", **conninfo_to_dict(dsn))
    return psycopg.connect(described, autocommit=autocommit)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn an error of the server or the network into `StoreAway`; bugs pass as they are."""
    try:
        yield
    except AWAY as error:
        reason = str(error).strip() or type(error).__name__
        raise StoreAway(f"PostgreSQL: {reason}") from error
