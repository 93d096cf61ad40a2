"""Access to Kafka: brokers, encryption, and who we are to them.

Owns: the variables LEDGER_KAFKA and LEDGER_KAFKA_*, the settings of librdkafka and of aiokafka for
them.
Never: the settings of one client's work; those stand where the client is made.

An address alone, as text, is a broker that asks nothing: the local stack's.
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
    first_given,
    read_login,
    read_tls,
    variables_of,
)

PREFIX: Final = "LEDGER_KAFKA"
SECURITY: Final = f"{PREFIX}_SECURITY"
SASL: Final = f"{PREFIX}_SASL"
PROTOCOLS: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
VARIABLES: Final = variables_of(PREFIX, "SECURITY", "SASL", *TLS_PARTS, *LOGIN_PARTS) | {PREFIX}


@dataclass(frozen=True, slots=True)
class Kafka:
    """How the brokers are entered. `str()` is where they are, and never a secret."""

    servers: str  # host:port, comma separated
    tls: Tls | None = None  # None: not encrypted
    login: Login | None = None
    mechanism: str = ""  # of the login

    def __post_init__(self) -> None:
        """Refuse a login by no mechanism, and a mechanism for nobody."""
        if (self.login is None) is not (self.mechanism == ""):
            raise AccessError(f"{SASL}: a mechanism and a user belong together")

    @override
    def __str__(self) -> str:
        """Return where the brokers are."""
        return self.servers

    @property
    def protocol(self) -> str:
        """Kafka's name for what is spoken."""
        sent = "PLAINTEXT" if self.tls is None else "SSL"
        return sent if self.login is None else f"SASL_{sent}"

    @property
    def principal(self) -> str:
        """Who we are to the brokers, as far as we know."""
        if self.login is not None:
            return f"User:{self.login.user}"
        if self.tls is not None and self.tls.cert is not None:
            return f"the holder of {self.tls.cert}"
        return "User:ANONYMOUS"


Servers: TypeAlias = Kafka | str


def read_kafka(env: Mapping[str, str]) -> Kafka:
    """Read the environment; `servers` is empty when nobody named any. Raises `AccessError`."""
    security = env.get(SECURITY) or "PLAINTEXT"
    if security not in PROTOCOLS:
        raise AccessError(f"{SECURITY}={security}: one of {', '.join(PROTOCOLS)}")
    _refuse_idle(env, security)
    if "@" in env.get(PREFIX, ""):
        raise AccessError(f"{PREFIX} is host:port; a user goes to {PREFIX}_USER")
    tls = (read_tls(env, PREFIX) or Tls()) if security.endswith("SSL") else None
    mechanism, login = "", None
    if security.startswith("SASL"):
        mechanism = env.get(SASL, "")
        if mechanism not in MECHANISMS:
            raise AccessError(f"{SASL}={mechanism}: with {security} one of {', '.join(MECHANISMS)}")
        login = read_login(env, PREFIX)
        if login is None:
            raise AccessError(f"{PREFIX}_USER is missing: {SECURITY}={security} asks who you are")
    return Kafka(env.get(PREFIX, ""), tls, login, mechanism)


def _refuse_idle(env: Mapping[str, str], security: str) -> None:
    """Refuse a setting that would not be used: whoever set it believes that it is."""
    idle = "" if security.endswith("SSL") else first_given(env, PREFIX, TLS_PARTS)
    if not security.startswith("SASL"):
        idle = idle or first_given(env, PREFIX, ("SASL", *LOGIN_PARTS))
    if idle:
        raise AccessError(f"{idle} is not used with {SECURITY}={security}")


def entering(kafka: Servers) -> dict[str, str | int | bool]:
    """Return what every client of librdkafka is given, whatever else it is told."""
    if isinstance(kafka, str):
        return {"bootstrap.servers": kafka}
    tls, login = kafka.tls or Tls(), kafka.login
    settings = {
        "bootstrap.servers": kafka.servers,
        "security.protocol": kafka.protocol,
        "ssl.ca.location": _text(tls.ca),
        "ssl.certificate.location": _text(tls.cert),
        "ssl.key.location": _text(tls.key),
        "sasl.mechanism": kafka.mechanism,
        "sasl.username": "" if login is None else login.user,
        "sasl.password": "" if login is None else login.password,
    }
    return {name: value for name, value in settings.items() if value}


def entering_asyncio(kafka: Servers) -> dict[str, object]:
    """Return what a client of aiokafka is given."""
    if isinstance(kafka, str):
        kafka = Kafka(kafka)
    settings: dict[str, object] = {
        "bootstrap_servers": [each.strip() for each in kafka.servers.split(",")],
        "security_protocol": kafka.protocol,
    }
    if kafka.tls is not None:
        settings["ssl_context"] = kafka.tls.context()
    if kafka.login is not None:
        settings["sasl_mechanism"] = kafka.mechanism
        settings["sasl_plain_username"] = kafka.login.user
        settings["sasl_plain_password"] = kafka.login.password
    return settings


def principal_of(kafka: Servers) -> str:
    """Return who we are to the brokers, for a message that says what was refused."""
    return (Kafka(kafka) if isinstance(kafka, str) else kafka).principal


def _text(path: object) -> str:
    return "" if path is None else str(path)
