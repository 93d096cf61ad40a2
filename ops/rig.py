"""The rig: worker and sink processes beside a running stack, for demo, bench and tests.

Owns: how such a process is started on a stack, and what its status file says.
Never: decides what traffic flows.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from ops.stack import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ops.stack import ManagedProcess, RestartPolicy, Stack

POLL_S: Final = 0.02


def start_worker(
    stack: Stack,
    name: str,
    env: Mapping[str, str] | None = None,
    policy: RestartPolicy | None = None,
    job: str = workers.WALLET,
) -> ManagedProcess:
    """Start a worker of a job, with further variables `env`."""
    spec = workers.worker(name, stack.endpoints, stack.layout, job=job)
    return stack.manage(spec.name, spec.argv, {**spec.env, **(env or {})}, policy)


def start_sink(stack: Stack, store: str, env: Mapping[str, str] | None = None) -> ManagedProcess:
    """Start the sink of one store."""
    spec = workers.sink(store, stack.endpoints)
    return stack.manage(spec.name, spec.argv, {**spec.env, **(env or {})})


def start_door(stack: Stack, port: int) -> ManagedProcess:
    """Start the HTTP entrance on a port."""
    spec = workers.door(port, stack.endpoints)
    return stack.manage(spec.name, spec.argv, dict(spec.env))


def start_webhooks(
    stack: Stack, name: str, env: Mapping[str, str], *arguments: str
) -> ManagedProcess:
    """Start what tells webhooks and people, with further variables `env`."""
    spec = workers.webhooks(stack.endpoints)
    return stack.manage(name, (*spec.argv, *arguments), {**spec.env, **env})


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


def run_by(stack: Stack, worker: str) -> set[int]:
    """Return the partitions a worker says it runs."""
    partitions = status_of(stack, worker).get("partitions", {})
    return {int(number) for number, each in partitions.items() if each.get("state") == "running"}


def running_partitions(stack: Stack, worker: str) -> int:
    """Return how many partitions a worker says it runs."""
    return len(run_by(stack, worker))


def wait_for(what: str, condition: Callable[[], bool], deadline_s: float = 60.0) -> float:
    """Wait for `condition`; return the seconds it took. Raises `TimeoutError` naming `what`."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > deadline_s:
            message = f"waited {deadline_s:.0f} s in vain for {what}"
            raise TimeoutError(message)
        time.sleep(POLL_S)
    return time.monotonic() - began
