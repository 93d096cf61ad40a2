"""Settings of the tools: where the servers are and where workers keep their state.

Owns: LEDGER_KAFKA, LEDGER_POSTGRES, LEDGER_CASSANDRA and LEDGER_REDIS with what begins like them,
LEDGER_STATE_DIR, LEDGER_ALIAS_SECRET; what is not said there is taken from the local stack, when
one is up.
Never: guesses an address.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar, overload

from ops.errors import NothingKnownError, SettingsError
from schemas.access.cassandra import VARIABLES as CASSANDRA_VARIABLES
from schemas.access.cassandra import Cassandra, Place, read_cassandra
from schemas.access.kafka import VARIABLES as KAFKA_VARIABLES
from schemas.access.kafka import Servers, read_kafka
from schemas.access.postgres import VARIABLES as POSTGRES_VARIABLES
from schemas.access.postgres import read_postgres
from schemas.access.redis import VARIABLES as REDIS_VARIABLES
from schemas.access.redis import read_redis
from schemas.access.tls import AccessError
from schemas.variables import unknown_in

OWN: Final = frozenset(
    {
        *KAFKA_VARIABLES,
        *POSTGRES_VARIABLES,
        *CASSANDRA_VARIABLES,
        *REDIS_VARIABLES,
        "LEDGER_STATE_DIR",
        "LEDGER_STACK_DIR",
        "LEDGER_ALIAS_SECRET",
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are; empty text for what nobody named."""

    kafka: Servers = ""
    postgres: str = field(default="", repr=False)
    cassandra: Cassandra | None = None
    redis: str = field(default="", repr=False)
    state_dir: Path = Path(".stack/state")
    alias_secret: str = field(default="", repr=False)

    def broker(self) -> Servers:
        """Return how the broker is entered. Raises `NothingKnownError`."""
        return _known("kafka", self.kafka)

    @overload
    def store(self, name: Literal["postgres", "redis"]) -> str: ...

    @overload
    def store(self, name: str) -> Place: ...

    def store(self, name: str) -> Place:
        """Return how a store is entered. Raises `NothingKnownError`."""
        return _known(name, self.stores().get(name, ""))

    def stores(self) -> dict[str, Place]:
        """Return the stores that are named anywhere, and how they are entered."""
        places = {"postgres": self.postgres, "cassandra": self.cassandra, "redis": self.redis}
        return {name: place for name, place in places.items() if place}

    def secret_of_aliases(self) -> str:
        """Return the secret by which aliases are hashed. Raises `SettingsError`."""
        if not self.alias_secret:
            raise SettingsError("LEDGER_ALIAS_SECRET is missing: the secret that hides aliases")
        return self.alias_secret


P = TypeVar("P", Servers, Place)


def _known(name: str, place: P) -> P:
    if not str(place):
        raise NothingKnownError(
            f"where is {name}? no local stack is up and LEDGER_{name.upper()} is not set: "
            "run `ledgerctl stack up` or set it"
        )
    return place


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the environment, then the running local stack for what it leaves open."""
    given = dict(os.environ) if env is None else dict(env)
    if unknown := unknown_in(given):
        raise SettingsError(f"unknown setting {unknown[0]}; known: {', '.join(sorted(OWN))}")
    places = {**_of_stack(given), **{name: value for name, value in given.items() if value}}
    state = places.get("LEDGER_STATE_DIR")
    try:
        kafka, cassandra = read_kafka(places), read_cassandra(places)
        postgres, redis = read_postgres(places).place(), read_redis(places).place()
    except AccessError as error:
        raise SettingsError(str(error)) from error
    return Settings(
        kafka,
        postgres,
        cassandra,
        redis,
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
