"""Settings of the tools: where the servers are and where workers keep their state.

Owns: LEDGER_KAFKA, LEDGER_POSTGRES, LEDGER_CASSANDRA, LEDGER_REDIS, LEDGER_STATE_DIR,
LEDGER_ALIAS_SECRET; what is not said there is taken from the local stack, when one is up.
Never: guesses an address.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ops.errors import NothingKnownError, SettingsError

PREFIX: Final = "LEDGER_"
OWN: Final = frozenset(
    {
        "LEDGER_KAFKA",
        "LEDGER_POSTGRES",
        "LEDGER_CASSANDRA",
        "LEDGER_REDIS",
        "LEDGER_STATE_DIR",
        "LEDGER_STACK_DIR",
        "LEDGER_ALIAS_SECRET",
    }
)
# Of the shells beside us, which share one environment.
SISTERS: Final = frozenset(
    {
        "LEDGER_PURE",
        "LEDGER_CACHE_DIR",
        "LEDGER_CRASH_POINT",
        "LEDGER_ENV",
        "LEDGER_LEDGER_ID",
        "LEDGER_SESSION_TIMEOUT_S",
        "LEDGER_SNAPSHOTS",
        "LEDGER_SNAPSHOT_RECORDS",
        "LEDGER_WORKER",
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are; empty text for what nobody named."""

    kafka: str = ""
    postgres: str = ""
    cassandra: str = ""
    redis: str = ""
    state_dir: Path = Path(".stack/state")
    alias_secret: str = field(default="", repr=False)

    def broker(self) -> str:
        """Return the address of the broker. Raises `NothingKnownError`."""
        return self._known("kafka", self.kafka)

    def store(self, name: str) -> str:
        """Return the address of a store. Raises `NothingKnownError`."""
        places = {"postgres": self.postgres, "cassandra": self.cassandra, "redis": self.redis}
        return self._known(name, places[name])

    def stores(self) -> dict[str, str]:
        """Return the stores that are named anywhere, with their addresses."""
        places = {"postgres": self.postgres, "cassandra": self.cassandra, "redis": self.redis}
        return {name: place for name, place in places.items() if place}

    def secret_of_aliases(self) -> str:
        """Return the secret by which aliases are hashed. Raises `SettingsError`."""
        if not self.alias_secret:
            raise SettingsError("LEDGER_ALIAS_SECRET is missing: the secret that hides aliases")
        return self.alias_secret

    def _known(self, name: str, place: str) -> str:
        if not place:
            raise NothingKnownError(
                f"where is {name}? no local stack is up and LEDGER_{name.upper()} is not set: "
                "run `ledgerctl stack up` or set it"
            )
        return place


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the environment, then the running local stack for what it leaves open."""
    given = dict(os.environ) if env is None else dict(env)
    unknown = sorted({name for name in given if name.startswith(PREFIX)} - OWN - SISTERS)
    if unknown:
        raise SettingsError(f"unknown setting {unknown[0]}; known: {', '.join(sorted(OWN))}")
    places = {**_of_stack(given), **{name: value for name, value in given.items() if value}}
    state = places.get("LEDGER_STATE_DIR")
    return Settings(
        places.get("LEDGER_KAFKA", ""),
        places.get("LEDGER_POSTGRES", ""),
        places.get("LEDGER_CASSANDRA", ""),
        places.get("LEDGER_REDIS", ""),
        Path(state) if state else _stack_root(given) / "state",
        given.get("LEDGER_ALIAS_SECRET", ""),
    )


def _stack_root(env: Mapping[str, str]) -> Path:
    return Path(env.get("LEDGER_STACK_DIR", ".stack"))


def _of_stack(env: Mapping[str, str]) -> dict[str, str]:
    """Return the endpoints of the local stack; empty when none is up."""
    from ops.stack import control, runfile  # noqa: PLC0415 - most calls in production need no stack
    from ops.stack.config import Layout  # noqa: PLC0415

    root = _stack_root(env).absolute()
    if control.owner_of(root) is None:
        return {}
    run = runfile.read(Layout(root).run)
    return {} if run is None else run.endpoints.env()
