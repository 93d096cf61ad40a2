"""Settings of the HTTP entrance, from its environment.

Owns: LEDGER_HTTP and what begins so, LEDGER_API_KEYS, LEDGER_TRACES and its ratio, and how broker
and stores are entered.
Never: listens to the world without a certificate and keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final, TypeVar

from limits import RateLimitItem, parse

from eyes.address import Address, read_address
from eyes.spans import read_collector
from eyes.trace import read_ratio
from ingress.http.guard.pace import Rates
from schemas.access.cassandra import VARIABLES as CASSANDRA_VARIABLES
from schemas.access.cassandra import Cassandra, read_cassandra
from schemas.access.kafka import VARIABLES as KAFKA_VARIABLES
from schemas.access.kafka import Servers, read_kafka
from schemas.access.postgres import VARIABLES as POSTGRES_VARIABLES
from schemas.access.postgres import read_postgres
from schemas.access.redis import VARIABLES as REDIS_VARIABLES
from schemas.access.redis import read_redis
from schemas.access.tls import AccessError
from schemas.variables import unknown_in

T = TypeVar("T")

DEFAULT_ADDRESS: Final = "127.0.0.1:8080"
PORT_MAX: Final = 65_535
NO_RATES: Final = Rates()
NO_RATE: Final = "none"
# Whoever listens to the world and says nothing of rates has some.
RATE: Final = "100/second"
RATE_ADDRESS: Final = "300/second"
OWN: Final = frozenset(
    {
        "LEDGER_API_KEYS",
        *CASSANDRA_VARIABLES,
        *KAFKA_VARIABLES,
        *POSTGRES_VARIABLES,
        *REDIS_VARIABLES,
        "LEDGER_HTTP",
        "LEDGER_HTTP_AUDIT",
        "LEDGER_HTTP_CERT",
        "LEDGER_HTTP_CERT_KEY",
        "LEDGER_HTTP_PROVIDER",
        "LEDGER_HTTP_RATE",
        "LEDGER_HTTP_RATE_ADDRESS",
        "LEDGER_LOG_FORMAT",
        "LEDGER_METRICS",
        "LEDGER_TRACES",
        "LEDGER_TRACES_RATIO",
    }
)


class SettingsError(Exception):
    """The environment does not describe an entrance; names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen, what to send to, what to read from; empty for a store not named."""

    kafka: Servers
    host: str
    port: int
    postgres: str = field(default="", repr=False)  # with the user's password, as libpq reads it
    cassandra: Cassandra | None = None
    redis: str = field(default="", repr=False)  # the same, as redis-py reads it
    keys: Path | None = None
    cert: Path | None = None
    cert_key: Path | None = None
    log_format: str = ""
    provider: Path | None = None
    rates: Rates = NO_RATES
    metrics: Address | None = None
    audit: Path | None = None
    traces: str = ""  # the collector of spans; empty: none are made
    traces_ratio: float = 0.0  # of requests without a trace, how many begin one

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read and check the environment."""
        if unknown := unknown_in(env):
            raise SettingsError(f"unknown setting {unknown[0]}; known: {', '.join(sorted(OWN))}")
        if not env.get("LEDGER_KAFKA"):
            raise SettingsError("LEDGER_KAFKA is missing: the broker as host:port")
        host, port = _address("LEDGER_HTTP", env.get("LEDGER_HTTP") or DEFAULT_ADDRESS)
        try:
            kafka, cassandra = read_kafka(env), read_cassandra(env)
            postgres, redis = read_postgres(env).place(), read_redis(env).place()
        except AccessError as error:
            raise SettingsError(str(error)) from error
        settings = cls(
            kafka,
            host,
            port,
            postgres,
            cassandra,
            redis,
            _file(env, "LEDGER_API_KEYS"),
            _file(env, "LEDGER_HTTP_CERT"),
            _file(env, "LEDGER_HTTP_CERT_KEY"),
            env.get("LEDGER_LOG_FORMAT", ""),
            _file(env, "LEDGER_HTTP_PROVIDER"),
            _rates(env, is_open=_is_loopback(host)),
            _read(read_address, env.get("LEDGER_METRICS", "")),
            Path(env["LEDGER_HTTP_AUDIT"]) if env.get("LEDGER_HTTP_AUDIT") else None,
            _read(read_collector, env.get("LEDGER_TRACES", "")),
            _read(read_ratio, env.get("LEDGER_TRACES_RATIO", "")),
        )
        settings._check()
        return settings

    def _check(self) -> None:
        if (self.cert is None) is not (self.cert_key is None):
            raise SettingsError("LEDGER_HTTP_CERT and LEDGER_HTTP_CERT_KEY belong together")
        if _is_loopback(self.host):
            return
        if self.cert is None:
            raise SettingsError(
                f"LEDGER_HTTP={self.host}: only with LEDGER_HTTP_CERT; without a "
                "certificate this door listens on loopback"
            )
        if self.keys is None and self.provider is None:
            raise SettingsError(
                f"LEDGER_HTTP={self.host}: only with LEDGER_API_KEYS or LEDGER_HTTP_PROVIDER; else "
                "everybody who reaches this door may do everything"
            )
        if self.audit is None:
            raise SettingsError(
                f"LEDGER_HTTP={self.host}: only with LEDGER_HTTP_AUDIT, the file of who did what"
            )


def _address(variable: str, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > PORT_MAX:
        raise SettingsError(f"{variable} is host:port, not {text!r}")
    return host.strip("[]"), int(port)


def _rates(env: Mapping[str, str], *, is_open: bool) -> Rates:
    unsaid = (NO_RATE, NO_RATE) if is_open else (RATE, RATE_ADDRESS)
    names = ("LEDGER_HTTP_RATE", "LEDGER_HTTP_RATE_ADDRESS")
    return Rates(
        *(_rate(name, env.get(name) or said) for name, said in zip(names, unsaid, strict=True))
    )


def _rate(variable: str, text: str) -> RateLimitItem | None:
    if text == NO_RATE:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise SettingsError(f"{variable}={text}: such as 100/second, or {NO_RATE}") from error


def _read(reader: Callable[[str], T], text: str) -> T:
    try:
        return reader(text)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _file(env: Mapping[str, str], variable: str) -> Path | None:
    text = env.get(variable, "")
    if not text:
        return None
    path = Path(text)
    if not path.is_file():
        raise SettingsError(f"{variable}={text}: there is no such file")
    return path


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
