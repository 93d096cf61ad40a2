"""How workers and sinks are started: command, name, environment.

Owns: the commands of the supervised processes and the variables they are configured by.
Never: starts anything; knows what a worker does.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ops.stack.config import Endpoints, Layout

DEFAULT_ENV: Final = "local"
WALLET: Final = "wallet"
SETTLEMENT: Final = "settlement"
SCHEDULER: Final = "scheduler"
AUTOMATION: Final = "automation"
RECONCILIATION: Final = ("facts", "match", "stores")
AUDITED: Final = ("postgres", "cassandra", "redis")  # stores that have an auditor
HTTP: Final = "http"
PUBLISH: Final = "publish"
WEBHOOKS: Final = "webhooks"
LAKE: Final = "lake"
RISK: Final = "risk"
SINKS: Final = ("postgres", "cassandra", "redis")
# The folder `python -m` finds our packages in, from a checkout as well as installed.
HOME: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """A process to keep up beside the servers."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]


def worker(
    name: str,
    endpoints: Endpoints,
    layout: Layout,
    ledger_env: str = DEFAULT_ENV,
    job: str = WALLET,
) -> ProcessSpec:
    """Describe a stream worker of a job; its state lies in a folder of its name."""
    env = {
        "LEDGER_KAFKA": endpoints.kafka,
        "LEDGER_STATE_DIR": str(layout.state),
        "LEDGER_WORKER": name,
        "LEDGER_ENV": ledger_env,
        "LEDGER_SNAPSHOTS": str(layout.snapshots),
    }
    return ProcessSpec(name=name, argv=(sys.executable, "-m", "streams", "--job", job), env=env)


def sink(store: str, endpoints: Endpoints) -> ProcessSpec:
    """Describe the sink of one store."""
    own = f"LEDGER_{store.upper()}"
    env = {"LEDGER_KAFKA": endpoints.kafka, own: endpoints.env()[own]}
    return ProcessSpec(name=f"sink-{store}", argv=(sys.executable, "-m", "sinks", store), env=env)


def door(port: int, endpoints: Endpoints) -> ProcessSpec:
    """Describe the HTTP entrance, on loopback; it reads from every store of the stack."""
    own = {"LEDGER_HTTP": f"127.0.0.1:{port}"}
    return ProcessSpec(
        name=HTTP, argv=(sys.executable, "-m", "ingress"), env={**endpoints.env(), **own}
    )


def auditor(store: str, endpoints: Endpoints) -> ProcessSpec:
    """Describe the auditor of one store, which repairs it too."""
    spec = sink(store, endpoints)
    argv = (sys.executable, "-m", "sinks", "audit", store)
    return ProcessSpec(name=f"audit-{store}", argv=argv, env=spec.env)


def webhooks(endpoints: Endpoints) -> ProcessSpec:
    """Describe what tells webhooks and people of facts; it remembers in PostgreSQL."""
    spec = sink("postgres", endpoints)
    return ProcessSpec(name=WEBHOOKS, argv=(sys.executable, "-m", "sinks", WEBHOOKS), env=spec.env)


def lake(endpoints: Endpoints, layout: Layout) -> ProcessSpec:
    """Describe what fills the lake, a folder of the stack."""
    env = {"LEDGER_KAFKA": endpoints.kafka, "LEDGER_LAKE": str(layout.lake)}
    return ProcessSpec(name=LAKE, argv=(sys.executable, "-m", "sinks", LAKE), env=env)


def sinks_of(endpoints: Endpoints) -> tuple[str, ...]:
    """Return the stores of a stack that have a sink."""
    present = endpoints.env()
    return tuple(store for store in SINKS if f"LEDGER_{store.upper()}" in present)
