"""Sessions with Cassandra: how to reach it, its tables, and which errors mean: try again later.

Owns: load balancing, consistency, reconnection, the schema, the classification of errors.
Never: rows.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from cassandra import (
    ConsistencyLevel,
    CoordinationFailure,
    OperationTimedOut,
    Timeout,
    Unavailable,
)
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable
from cassandra.connection import ConnectionException
from cassandra.policies import (
    ConstantReconnectionPolicy,
    DCAwareRoundRobinPolicy,
    FallthroughRetryPolicy,
    TokenAwarePolicy,
)
from cassandra.protocol import IsBootstrappingErrorMessage, OverloadedErrorMessage, ServerError

from schemas.access.cassandra import Cassandra, Place, cassandra_at
from sinks.errors import StoreAway

KEYSPACE: Final = "ledger"
PROTOCOL: Final = 5
RECONNECT_S: Final = 1.0
# Requests are many and small: none waits for the answer to the one before.
SOCKET_OPTIONS: Final = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
REQUEST_TIMEOUT_S: Final = 15.0
SCHEMA_TIMEOUT_S: Final = 60.0
AWAY: Final = (
    NoHostAvailable,
    OperationTimedOut,
    Timeout,
    Unavailable,
    CoordinationFailure,
    ConnectionException,
    OverloadedErrorMessage,
    IsBootstrappingErrorMessage,
    ServerError,
)

# One copy is for one machine; where the keyspace exists already, its replication stays as it is.
# The table of positions has another name than the one of rows without `what`: their sink folds the
# log again. The same row with the same timestamp wins by what it has more.
SCHEMA: Final = (
    """
    CREATE KEYSPACE IF NOT EXISTS {keyspace}
    WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}
    """,
    """
    CREATE TABLE IF NOT EXISTS {keyspace}.history (
        wallet_id text,
        month int,
        sequence bigint,
        partition int,
        decided_at_us bigint,
        command_id text,
        outcome text,
        reason text,
        detail text,
        stage text,
        flow text,
        counterparty text,
        what text,
        postings frozen<list<frozen<tuple<text, text, bigint>>>>,
        balances frozen<list<frozen<tuple<text, text, bigint>>>>,
        PRIMARY KEY ((wallet_id, month), sequence, partition)
    ) WITH CLUSTERING ORDER BY (sequence DESC, partition ASC)
    """,
    "ALTER TABLE {keyspace}.history ADD IF NOT EXISTS what text",
    """
    CREATE TABLE IF NOT EXISTS {keyspace}.wallet_month (
        wallet_id text,
        month int,
        PRIMARY KEY (wallet_id, month)
    ) WITH CLUSTERING ORDER BY (month DESC)
    """,
    """
    CREATE TABLE IF NOT EXISTS {keyspace}.sink_position (
        partition int PRIMARY KEY,
        next_offset bigint,
        sequence bigint,
        chain blob,
        topic_id text
    )
    """,
)


def open_session(place: Place, keyspace: str = KEYSPACE) -> Any:  # noqa: ANN401 - untyped driver
    """Connect, and make the tables where they are missing."""
    at = cassandra_at(place)
    cluster = Cluster(
        [at.host],
        port=at.port,
        ssl_context=None if at.tls is None else at.tls.context(),
        auth_provider=_login(at),
        protocol_version=PROTOCOL,
        sockopts=SOCKET_OPTIONS,
        execution_profiles={EXEC_PROFILE_DEFAULT: _profile()},
        reconnection_policy=ConstantReconnectionPolicy(RECONNECT_S, max_attempts=None),
    )
    try:
        with store_errors():
            session = cluster.connect()
            for statement in SCHEMA:
                session.execute(statement.format(keyspace=keyspace), timeout=SCHEMA_TIMEOUT_S)
    except BaseException:
        cluster.shutdown()
        raise
    return session


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn an error of the servers or the network into `StoreAway`; bugs pass as they are."""
    try:
        yield
    except AWAY as error:
        raise StoreAway(f"Cassandra: {str(error) or type(error).__name__}") from error


def _login(at: Cassandra) -> PlainTextAuthProvider | None:
    return None if at.login is None else PlainTextAuthProvider(at.login.user, at.login.password)


def _profile() -> ExecutionProfile:
    """Ask the replicas of a row first; try nothing twice by itself: the lane does that."""
    return ExecutionProfile(
        load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy()),
        retry_policy=FallthroughRetryPolicy(),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        request_timeout=REQUEST_TIMEOUT_S,
    )
