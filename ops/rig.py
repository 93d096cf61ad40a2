"""The rig: worker and sink processes beside a running stack, for demo, bench and tests.

Owns: how such a process is started on a stack, and what its status file says.
Never: decides what traffic flows.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from ops.stack.managed import RestartPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ops.stack import Stack
    from ops.stack.managed import ManagedProcess

POLL_S: Final = 0.05
SINKS: Final = ("postgres", "cassandra", "redis")


def environment_of(stack: Stack) -> dict[str, str]:
    """Return the variables that tell a worker or sink where the servers of a stack are."""
    ends = stack.endpoints
    known = {
        "LEDGER_KAFKA": ends.kafka,
        "LEDGER_POSTGRES": ends.postgres,
        "LEDGER_CASSANDRA": ends.cassandra,
        "LEDGER_REDIS": ends.redis,
    }
    return {name: value for name, value in known.items() if value}


def start_worker(
    stack: Stack,
    name: str,
    env: Mapping[str, str] | None = None,
    policy: RestartPolicy | None = None,
) -> ManagedProcess:
    """Start a worker of the wallet job; its state lies in the stack's folder."""
    variables = {
        "LEDGER_KAFKA": environment_of(stack)["LEDGER_KAFKA"],
        "LEDGER_STATE_DIR": str(stack.layout.state),
        "LEDGER_WORKER": name,
        **(env or {}),
    }
    return stack.manage(name, (sys.executable, "-m", "streams"), variables, policy)


def start_sink(
    stack: Stack, kind: str, env: Mapping[str, str] | None = None, name: str | None = None
) -> ManagedProcess:
    """Start the sink of one store."""
    ends = environment_of(stack)
    variables = {
        "LEDGER_KAFKA": ends["LEDGER_KAFKA"],
        f"LEDGER_{kind.upper()}": ends[f"LEDGER_{kind.upper()}"],
        **(env or {}),
    }
    argv = (sys.executable, "-m", "sinks", kind)
    return stack.manage(name or f"sink-{kind}", argv, variables)


def status_of(stack: Stack, worker: str) -> dict[str, Any]:
    """Return what a worker last wrote about itself; empty before its first word."""
    return read_status(stack.layout.state / worker / "status.json")


def read_status(path: Path) -> dict[str, Any]:
    """Return a status file's content; empty while there is none or it is being replaced."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    assert isinstance(found, dict), "a status file holds an object"
    return found


def running_partitions(stack: Stack, worker: str) -> int:
    """Return how many partitions a worker says it runs."""
    partitions = status_of(stack, worker).get("partitions", {})
    return sum(1 for each in partitions.values() if each.get("state") == "running")


def wait_for(what: str, condition: Callable[[], bool], deadline_s: float = 60.0) -> float:
    """Wait for `condition`; return the seconds it took. Raises `TimeoutError` naming `what`."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > deadline_s:
            message = f"waited {deadline_s:.0f} s in vain for {what}"
            raise TimeoutError(message)
        time.sleep(POLL_S)
    return time.monotonic() - began
