"""Settings of the sinks: where the log and the stores are.

Owns: LEDGER_KAFKA, LEDGER_POSTGRES, LEDGER_CASSANDRA and LEDGER_REDIS with what begins like them,
LEDGER_CRASH_POINT, LEDGER_METRICS, LEDGER_TRACES, LEDGER_LOG_FORMAT.
Never: read anywhere but in the composition root; a threshold of the business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from eyes.address import Address, read_address
from eyes.logs import LogFormat, read_format
from eyes.spans import read_collector
from schemas.access.cassandra import VARIABLES as CASSANDRA_VARIABLES
from schemas.access.cassandra import Cassandra, Place, read_cassandra
from schemas.access.kafka import VARIABLES as KAFKA_VARIABLES
from schemas.access.kafka import Servers, read_kafka
from schemas.access.postgres import VARIABLES as POSTGRES_VARIABLES
from schemas.access.postgres import read_postgres
from schemas.access.redis import VARIABLES as REDIS_VARIABLES
from schemas.access.redis import read_redis
from schemas.variables import unknown_in
from sinks.errors import SettingsError

OWN: Final = frozenset(
    {
        *KAFKA_VARIABLES,
        *POSTGRES_VARIABLES,
        *CASSANDRA_VARIABLES,
        *REDIS_VARIABLES,
        "LEDGER_CRASH_POINT",
        "LEDGER_METRICS",
        "LEDGER_TRACES",
        "LEDGER_LOG_FORMAT",
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to read and where to write; empty for a store that was not named."""

    kafka: Servers
    postgres: str = field(default="", repr=False)  # with the user's password, as libpq reads it
    cassandra: Cassandra | None = None
    redis: str = field(default="", repr=False)  # the same, as redis-py reads it
    crash_point: str = ""
    metrics: Address | None = None  # where the page of metrics listens; None: nowhere
    traces: str = ""  # the collector of spans; empty: none are made

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check the environment."""
        if unknown := unknown_in(env):
            raise SettingsError(f"unknown setting {unknown[0]}; known: {', '.join(sorted(OWN))}")
        if not env.get("LEDGER_KAFKA"):
            raise SettingsError("LEDGER_KAFKA is missing: the broker as host:port")
        try:
            return cls(
                read_kafka(env),
                read_postgres(env).place(),
                read_cassandra(env),
                read_redis(env).place(),
                env.get("LEDGER_CRASH_POINT", ""),
                read_address(env.get("LEDGER_METRICS", "")),
                read_collector(env.get("LEDGER_TRACES", "")),
            )
        except ValueError as error:
            raise SettingsError(str(error)) from error

    def require(self, store: str) -> Place:
        """Return where a store is, or say which variable is missing."""
        places: Mapping[str, Place | None] = {
            "postgres": self.postgres,
            "cassandra": self.cassandra,
            "redis": self.redis,
        }
        place = places[store]
        if not place:
            raise SettingsError(f"LEDGER_{store.upper()} is missing: where {store} is")
        return place

    def shown(self) -> dict[str, str]:
        """Return the settings for the log, passwords masked."""
        return {
            "kafka": str(self.kafka),
            "postgres": masked(self.postgres),
            "cassandra": str(self.cassandra or ""),
            "redis": masked(self.redis),
            "crash_point": self.crash_point,
            "traces": masked(self.traces),
            "metrics": "" if self.metrics is None else f"{self.metrics.host}:{self.metrics.port}",
        }


def log_format_in(env: Mapping[str, str]) -> LogFormat:
    """Return the format that LEDGER_LOG_FORMAT names."""
    try:
        return read_format(env.get("LEDGER_LOG_FORMAT", ""))
    except ValueError as error:
        raise SettingsError(str(error)) from error


def masked(place: str) -> str:
    """Hide the password of a URL or of a key=value list."""
    return re.sub(r"(?<=password=)\S+", "***", re.sub(r"(://[^:@/]*):[^@/]*@", r"\1:***@", place))


def partitions_of(text: str) -> tuple[int, ...]:
    """Read a choice of partitions such as `0-3,7`."""
    chosen: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", part.strip())
        if found is None or int(found[2] or found[1]) < int(found[1]):
            raise SettingsError(f"partitions are numbers and ranges such as 0-3,7, not {text!r}")
        chosen.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return tuple(sorted(chosen))
