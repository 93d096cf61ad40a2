"""Bring a detached stack up, take it down, look at it from outside.

Owns: starting the supervisor, following it, asking it to end.
Never: touches a server itself.
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ops.stack import lock, runfile
from ops.stack import order as orders
from ops.stack.config import Endpoints, Layout
from ops.stack.errors import NotRunningError, StackError, SupervisorDiedError
from ops.stack.order import Order
from ops.stack.process import Identity
from ops.stack.runfile import RunFile
from ops.stack.workers import HOME

POLL_S: Final = 0.05
# All servers get their grace side by side; the slowest of them has 30 s, workers 20 s before.
DOWN_DEADLINE_S: Final = 75.0
KILLED_DEADLINE_S: Final = 10.0

Say = Callable[[str], None]


def up(order: Order, say: Say) -> RunFile:
    """Start a supervisor for a stack and wait until all its servers are ready."""
    layout = Layout(order.config.root)
    if owner_of(layout.root) is not None:
        return _already_up(order, running(layout.root), say)
    log = layout.log("supervisor")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            (sys.executable, "-m", "ops.stack.supervisor", orders.dump(order)),
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return _follow(supervisor, order, say)
    except KeyboardInterrupt:
        supervisor.terminate()
        supervisor.wait()
        raise


def down(root: Path, say: Say) -> bool:
    """Ask the owner of a stack to take it down and wait for it; False when nothing was up."""
    layout = Layout(root)
    owner, run = owner_of(root), runfile.read(layout.run)
    if owner is None or run is None:
        return False
    if not run.detached:
        raise StackError(f"the stack in {root} belongs to process {owner.pid}: end that process")
    say(f"stopping the stack in {root}")
    owner.send(signal.SIGTERM)
    if not _until_free(layout, DOWN_DEADLINE_S):
        say(f"process {owner.pid} did not end in {DOWN_DEADLINE_S:.0f} s: killing it")
        owner.send(signal.SIGKILL)
        if not _until_free(layout, KILLED_DEADLINE_S):
            raise StackError(f"something still holds the lock of {root}")
    return True


def owner_of(root: Path) -> Identity | None:
    """Return the living owner of the stack in a folder; None when it is down."""
    run = runfile.read(Layout(root).run)
    if run is None or not run.owner.alive() or not lock.is_held(Layout(root).lock):
        return None
    return run.owner


def running(root: Path) -> RunFile:
    """Return what the living owner of a stack says about it, or raise that it is not up."""
    run = runfile.read(Layout(root).run)
    if run is None or owner_of(root) is None:
        raise NotRunningError(f"no stack is up in {root}: `ledgerctl stack up` starts one")
    return run


def endpoints(root: Path) -> Endpoints:
    """Return where the servers of the running stack answer."""
    return running(root).endpoints


def _already_up(order: Order, run: RunFile, say: Say) -> RunFile:
    missing = _missing(order, run)
    if missing or run.phase != "ready":
        what = f"is up without {', '.join(sorted(missing))}" if missing else f"is {run.phase}"
        raise StackError(f"the stack in {order.config.root} {what}: take it down first")
    say(f"the stack in {order.config.root} is already up")
    return run


def _missing(order: Order, run: RunFile) -> set[str]:
    wanted = {*order.config.services, *(spec.name for spec in order.processes(run.endpoints))}
    return wanted - {row.name for row in run.rows}


def _follow(supervisor: subprocess.Popen[bytes], order: Order, say: Say) -> RunFile:
    layout = Layout(order.config.root)
    log = layout.log("supervisor")
    with log.open(encoding="utf-8", errors="replace") as lines:
        while True:
            # Before the lines are read: what a dead supervisor said last is then among them.
            code = supervisor.poll()
            run = runfile.read(layout.run)
            for line in lines:
                say(line.rstrip())
            ours = run is not None and run.owner.pid == supervisor.pid
            if run is not None and ours and run.phase == "ready" and not _missing(order, run):
                return run
            if code is not None:
                raise SupervisorDiedError(code, log)
            threading.Event().wait(POLL_S)


def _until_free(layout: Layout, deadline_s: float) -> bool:
    deadline = time.monotonic() + deadline_s
    while lock.is_held(layout.lock):
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(POLL_S)
    return True
