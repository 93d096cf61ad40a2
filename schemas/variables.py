"""Variables: every LEDGER_ variable that some process reads, once.

Owns: their names, and what begins as ours and is none of them.
Never: reads one; each shell reads its own, and one environment may serve them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PREFIX: Final = "LEDGER_"
KNOWN: Final = frozenset(
    {
        "LEDGER_ALIAS_SECRET",
        "LEDGER_API_KEYS",
        "LEDGER_CACHE_DIR",
        "LEDGER_CASSANDRA",
        "LEDGER_CASSANDRA_CA",
        "LEDGER_CASSANDRA_CERT",
        "LEDGER_CASSANDRA_CERT_KEY",
        "LEDGER_CASSANDRA_PASSWORD",
        "LEDGER_CASSANDRA_PASSWORD_FILE",
        "LEDGER_CASSANDRA_USER",
        "LEDGER_CRASH_POINT",
        "LEDGER_ENV",
        "LEDGER_HTTP",
        "LEDGER_HTTP_AUDIT",
        "LEDGER_HTTP_CERT",
        "LEDGER_HTTP_CERT_KEY",
        "LEDGER_HTTP_PROVIDER",
        "LEDGER_HTTP_RATE",
        "LEDGER_HTTP_RATE_ADDRESS",
        "LEDGER_KAFKA",
        "LEDGER_KAFKA_CA",
        "LEDGER_KAFKA_CERT",
        "LEDGER_KAFKA_CERT_KEY",
        "LEDGER_KAFKA_PASSWORD",
        "LEDGER_KAFKA_PASSWORD_FILE",
        "LEDGER_KAFKA_SASL",
        "LEDGER_KAFKA_SECURITY",
        "LEDGER_KAFKA_USER",
        "LEDGER_LEDGER_ID",
        "LEDGER_LOG_FORMAT",
        "LEDGER_METRICS",
        "LEDGER_POSTGRES",
        "LEDGER_POSTGRES_CA",
        "LEDGER_POSTGRES_CERT",
        "LEDGER_POSTGRES_CERT_KEY",
        "LEDGER_POSTGRES_SSLMODE",
        "LEDGER_PURE",
        "LEDGER_REDIS",
        "LEDGER_REDIS_CA",
        "LEDGER_REDIS_CERT",
        "LEDGER_REDIS_CERT_KEY",
        "LEDGER_REDIS_PASSWORD",
        "LEDGER_REDIS_PASSWORD_FILE",
        "LEDGER_REDIS_USER",
        "LEDGER_SESSION_TIMEOUT_S",
        "LEDGER_SNAPSHOTS",
        "LEDGER_SNAPSHOT_RECORDS",
        "LEDGER_STACK_DIR",
        "LEDGER_STATE_DIR",
        "LEDGER_TRACES",
        "LEDGER_TRACES_RATIO",
        "LEDGER_WORKER",
    }
)


def unknown_in(env: Mapping[str, str]) -> list[str]:
    """Return the names that begin as ours and are none of ours, in order."""
    return sorted({name for name in env if name.startswith(PREFIX)} - KNOWN)
