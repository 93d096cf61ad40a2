"""How workers and sinks are started: command, name, environment.

Owns: the commands of the supervised processes and the variables they are configured by.
Never: starts anything; knows what a worker does.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ops.stack.config import Endpoints, Layout
from ops.stack.managed import RestartPolicy

DEFAULT_ENV: Final = "local"
SINKS: Final = ("postgres", "cassandra", "redis")
# The folder `python -m` finds our packages in, from a checkout as well as installed.
HOME: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """A process to keep up beside the servers."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path = HOME
    policy: RestartPolicy = field(default_factory=RestartPolicy)


def worker(
    number: int,
    endpoints: Endpoints,
    layout: Layout,
    *,
    ledger_env: str = DEFAULT_ENV,
    extra: Mapping[str, str] | None = None,
) -> ProcessSpec:
    """Describe the n-th stream worker, counted from 1."""
    name = f"worker-{number}"
    own = {"LEDGER_WORKER": name, "LEDGER_STATE_DIR": str(layout.state), "LEDGER_ENV": ledger_env}
    env = {**endpoints.env(), **own, **(extra or {})}
    return ProcessSpec(name=name, argv=(sys.executable, "-m", "streams"), env=env)


def sink(
    store: str,
    endpoints: Endpoints,
    *,
    ledger_env: str = DEFAULT_ENV,
    extra: Mapping[str, str] | None = None,
) -> ProcessSpec:
    """Describe the sink of one store."""
    name = f"sink-{store}"
    env = {**endpoints.env(), "LEDGER_ENV": ledger_env, "LEDGER_WORKER": name, **(extra or {})}
    return ProcessSpec(name=name, argv=(sys.executable, "-m", "sinks", store), env=env)


def sinks_of(endpoints: Endpoints) -> tuple[str, ...]:
    """Return the stores of a stack that have a sink."""
    present = {
        "postgres": endpoints.postgres,
        "cassandra": endpoints.cassandra,
        "redis": endpoints.redis,
    }
    return tuple(store for store in SINKS if present[store])
