"""Access to Cassandra: contact point, encryption, login.

Owns: the variables LEDGER_CASSANDRA and LEDGER_CASSANDRA_*.
Never: imports the driver; `sinks/cassandra/session.py` makes its objects of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from typing_extensions import override

from schemas.access.tls import (
    LOGIN_PARTS,
    TLS_PARTS,
    AccessError,
    Login,
    Tls,
    read_login,
    read_tls,
    variables_of,
)

PREFIX: Final = "LEDGER_CASSANDRA"
PORT_MAX: Final = 65_535
VARIABLES: Final = variables_of(PREFIX, *TLS_PARTS, *LOGIN_PARTS) | {PREFIX}


@dataclass(frozen=True, slots=True)
class Cassandra:
    """How the cluster is entered. `str()` is where it is, and never a secret."""

    host: str
    port: int
    tls: Tls | None = None
    login: Login | None = None

    @override
    def __str__(self) -> str:
        """Return where the cluster is."""
        return f"{self.host}:{self.port}"


# Where a store is: text for all others, and for a cluster that asks nothing.
Place: TypeAlias = Cassandra | str


def read_cassandra(env: Mapping[str, str]) -> Cassandra | None:
    """Read the environment; None when nobody named a cluster. Raises `AccessError`."""
    tls, login = read_tls(env, PREFIX), read_login(env, PREFIX)
    text = env.get(PREFIX, "")
    if not text:
        return None
    place = cassandra_at(text)
    return Cassandra(place.host, place.port, tls, login)


def cassandra_at(text: Place) -> Cassandra:
    """Return a cluster; one given as `host:port` asks nothing."""
    if isinstance(text, Cassandra):
        return text
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= PORT_MAX:
        raise AccessError(f"{PREFIX} is host:port, not {text!r}")
    return Cassandra(host.strip("[]"), int(port))
