"""Settings of the sinks: where the log and the stores are.

Owns: LEDGER_KAFKA, LEDGER_POSTGRES, LEDGER_CASSANDRA, LEDGER_REDIS, LEDGER_CRASH_POINT.
Never: read anywhere but in the composition root; a threshold of the business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sinks.errors import SettingsError

PREFIX: Final = "LEDGER_"
OWN: Final = frozenset(
    {"LEDGER_KAFKA", "LEDGER_POSTGRES", "LEDGER_CASSANDRA", "LEDGER_REDIS", "LEDGER_CRASH_POINT"}
)
# Of the shells beside us, which share one environment.
SISTERS: Final = frozenset(
    {
        "LEDGER_ALIAS_SECRET",
        "LEDGER_PURE",
        "LEDGER_CACHE_DIR",
        "LEDGER_ENV",
        "LEDGER_LEDGER_ID",
        "LEDGER_SESSION_TIMEOUT_S",
        "LEDGER_SNAPSHOTS",
        "LEDGER_SNAPSHOT_RECORDS",
        "LEDGER_STACK_DIR",
        "LEDGER_STATE_DIR",
        "LEDGER_WORKER",
    }
)
PORT_MAX: Final = 65_535


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to read and where to write; empty for a store that was not named."""

    kafka: str
    postgres: str = ""
    cassandra: str = ""
    redis: str = ""
    crash_point: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check the environment."""
        ours = {name for name in env if name.startswith(PREFIX)}
        unknown = sorted(ours - OWN - SISTERS)
        if unknown:
            raise SettingsError(f"unknown setting {unknown[0]}; known: {', '.join(sorted(OWN))}")
        kafka = env.get("LEDGER_KAFKA", "")
        if not kafka:
            raise SettingsError("LEDGER_KAFKA is missing: the broker as host:port")
        settings = cls(
            kafka,
            env.get("LEDGER_POSTGRES", ""),
            env.get("LEDGER_CASSANDRA", ""),
            env.get("LEDGER_REDIS", ""),
            env.get("LEDGER_CRASH_POINT", ""),
        )
        if settings.cassandra:
            host_and_port(settings.cassandra)
        return settings

    def require(self, store: str) -> str:
        """Return where a store is, or say which variable is missing."""
        place = {"postgres": self.postgres, "cassandra": self.cassandra, "redis": self.redis}[store]
        if not place:
            raise SettingsError(f"LEDGER_{store.upper()} is missing: where {store} is")
        return place

    def shown(self) -> dict[str, str]:
        """Return the settings for the log, passwords masked."""
        return {
            "kafka": self.kafka,
            "postgres": masked(self.postgres),
            "cassandra": self.cassandra,
            "redis": masked(self.redis),
            "crash_point": self.crash_point,
        }


def host_and_port(text: str) -> tuple[str, int]:
    """Split host:port."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= PORT_MAX:
        raise SettingsError(f"LEDGER_CASSANDRA is host:port, not {text!r}")
    return host, int(port)


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
