"""What one local stack is: its folder, its services, its ports.

Owns: the description of a stack, the names of its services, where its files lie, and the
environment variables that the stack itself reads.
Never: touches the disk or a process.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from ops.stack.errors import ConfigError

Service = Literal["kafka", "postgres", "cassandra", "redis"]
SERVICES: Final[tuple[Service, ...]] = get_args(Service)

# Ports a service listens on beside the one that clients use.
EXTRA_PORTS: Final[Mapping[Service, str]] = {
    "kafka": "kafka-controller",
    "cassandra": "cassandra-storage",
}
PORT_NAMES: Final[tuple[str, ...]] = (*SERVICES, *EXTRA_PORTS.values())
PORT_MAX: Final = 65_535

# Mode of a stack's folder: as root, PostgreSQL runs under another account, which has to pass it.
PASSABLE: Final = 0o711

# `quick` starts fast and stays small, for tests; `sustained` lets the JIT and the collector
# of Kafka and Cassandra work as on a server, for the demo and for measuring.
Tuning = Literal["quick", "sustained"]

ROOT_VARIABLE: Final = "LEDGER_STACK_DIR"
CACHE_VARIABLE: Final = "LEDGER_CACHE_DIR"
DEFAULT_ROOT: Final = ".stack"
# What only the stack reads: not handed on to workers, which refuse settings they do not know.
OWN_VARIABLES: Final = (ROOT_VARIABLE, CACHE_VARIABLE)


def environment() -> dict[str, str]:
    """Return the environment of this process."""
    return dict(os.environ)


def default_root(env: Mapping[str, str]) -> Path:
    """Return the stack folder: from the environment, else `.stack` where we are."""
    return Path(env.get(ROOT_VARIABLE, DEFAULT_ROOT)).absolute()


def cache_folder(env: Mapping[str, str]) -> Path:
    """Return the folder outside the checkout in which all stacks share the server jars."""
    if configured := env.get(CACHE_VARIABLE):
        return Path(configured).absolute()
    base = env.get("XDG_CACHE_HOME") or Path(env.get("HOME", "/var/tmp")) / ".cache"  # noqa: S108
    return Path(base) / "wallet-ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackConfig:
    """One stack: where it lives and what runs in it."""

    root: Path
    services: tuple[Service, ...] = SERVICES
    ports: Mapping[str, int] = field(default_factory=dict)
    tuning: Tuning = "quick"
    start_deadline_s: float = 120.0
    # Overridable broker settings, such as `flush.messages` for the durable profile of a bench.
    kafka_overrides: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be a stack."""
        if not self.services:
            raise ConfigError("a stack needs at least one service: " + ", ".join(SERVICES))
        if unknown := [name for name in self.services if name not in SERVICES]:
            raise ConfigError(f"unknown service {unknown[0]!r}; known: {', '.join(SERVICES)}")
        if unknown_ports := [name for name in self.ports if name not in PORT_NAMES]:
            raise ConfigError(f"unknown port {unknown_ports[0]!r}; known: {', '.join(PORT_NAMES)}")
        for name, port in self.ports.items():
            if not 0 < port <= PORT_MAX:
                raise ConfigError(f"port of {name} must be 1 to {PORT_MAX}, not {port}")

    @property
    def quick(self) -> bool:
        """Whether the servers start fast and stay small."""
        return self.tuning == "quick"

    def port_names(self) -> tuple[str, ...]:
        """Return the names of all ports this stack listens on."""
        extra = (EXTRA_PORTS[name] for name in self.services if name in EXTRA_PORTS)
        return (*self.services, *extra)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a stack's files lie."""

    root: Path

    @property
    def lock(self) -> Path:
        """The file whose lock says that the stack is up."""
        return self.root / "lock"

    @property
    def ports(self) -> Path:
        """The ports chosen once for this stack."""
        return self.root / "ports.json"

    @property
    def run(self) -> Path:
        """What the owner of a running stack says about it."""
        return self.root / "run.json"

    @property
    def logs(self) -> Path:
        """The folder of all logs."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """The folder in which workers keep their RocksDB databases."""
        return self.root / "state"

    @property
    def snapshots(self) -> Path:
        """Snapshots of the workers' state, shared by all of them."""
        return self.root / "snapshots"

    def log(self, name: str) -> Path:
        """Return the log of one service or process."""
        return self.logs / f"{name}.log"

    def service(self, name: Service) -> Path:
        """Return the data folder of one server."""
        return self.root / name


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where the servers of a stack answer; empty text for one that is not part of it."""

    kafka: str = ""
    postgres: str = ""
    cassandra_host: str = "127.0.0.1"
    cassandra_port: int = 0
    redis: str = ""

    @property
    def cassandra(self) -> str:
        """Cassandra as `host:port`."""
        return f"{self.cassandra_host}:{self.cassandra_port}" if self.cassandra_port else ""

    def env(self) -> dict[str, str]:
        """Return the variables through which workers and sinks find the servers."""
        named = {
            "LEDGER_KAFKA": self.kafka,
            "LEDGER_POSTGRES": self.postgres,
            "LEDGER_CASSANDRA": self.cassandra,
            "LEDGER_REDIS": self.redis,
        }
        return {name: value for name, value in named.items() if value}


def endpoints_of(ports: Mapping[str, int], services: tuple[Service, ...]) -> Endpoints:
    """Derive the endpoints of a stack from its ports."""
    at = {name: ports[name] for name in services}
    return Endpoints(
        kafka=f"127.0.0.1:{at['kafka']}" if "kafka" in at else "",
        postgres=f"postgresql://ledger@127.0.0.1:{at['postgres']}/ledger"
        if "postgres" in at
        else "",
        cassandra_port=at.get("cassandra", 0),
        redis=f"redis://127.0.0.1:{at['redis']}/0" if "redis" in at else "",
    )
