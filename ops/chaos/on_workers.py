"""Faults of workers: processes killed, frozen and moved, and the state on their disk damaged.

Owns: one function a fault; each returns when the worker is whole again.
Never: touches a state folder while its worker lives.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from ops.chaos.field import JOB, WOKEN, Field
from ops.chaos.schedule import SECONDS, Kind
from ops.rig import wait_for
from ops.stack.workers import DEFAULT_ENV
from schemas.access.kafka import Servers

if TYPE_CHECKING:
    from pathlib import Path

    from ops.chaos.schedule import Strike

GROUP: Final = f"{DEFAULT_ENV}-{JOB}"
# The broker may be starting again meanwhile, after a kill: on a loaded machine in 75 s.
EMPTY_S: Final = 300.0
PROBE_S: Final = 10.0
SMALL_DISK: Final = "256k"  # enough to open some databases, too little to work on
SMALL_FILES: Final = "65536"


def kill(field: Field, strike: Strike) -> None:
    """End a worker without warning; whoever keeps it up starts it again."""
    field.end(strike.target)
    field.begin(strike.target)


def freeze(field: Field, strike: Strike) -> None:
    """Stop a worker's clock for a while; if others took over meanwhile, it wakes as a zombie."""
    process = field.workers[strike.target]
    orphans = frozenset(field.partitions_of(strike.target))
    if process.kill(signal.SIGSTOP) is None:
        return
    field.diary.note(strike.target, "frozen", orphans if strike.seconds > SHORT_S else frozenset())
    try:
        field.pause(strike.seconds)
    finally:
        if process.kill(signal.SIGCONT) is not None and strike.seconds > SHORT_S:
            field.diary.note(strike.target, WOKEN)


SHORT_S: Final = SECONDS[Kind.PAUSE_SHORT]


def leave(field: Field, strike: Strike) -> None:
    """Stop a worker in good order, and let it join again later."""
    field.workers[strike.target].stop()
    field.pause(strike.seconds)
    field.begin(strike.target)


def delete_state(field: Field, strike: Strike) -> None:
    """Kill a worker and take everything it has on disk."""
    field.end(strike.target)
    shutil.rmtree(field.state(strike.target), ignore_errors=True)
    field.begin(strike.target)


def restore_old_state(field: Field, strike: Strike) -> None:
    """Bring back, after a while, a copy of what a killed worker had on disk."""
    state = field.state(strike.target)
    copy = state.with_name(f"{JOB}.copy")
    field.end(strike.target)
    if state.exists():
        shutil.copytree(state, copy)
    field.begin(strike.target)
    field.pause(strike.seconds)
    field.end(strike.target)
    if copy.exists():
        shutil.rmtree(state, ignore_errors=True)
        copy.rename(state)
    field.begin(strike.target)


def truncate_sst(field: Field, strike: Strike) -> None:
    """Cut the largest table file of every partition a killed worker has on disk in half."""
    field.end(strike.target)
    if not _tables(field.state(strike.target)):
        # Rows are still in write-ahead logs; the next start turns these into tables.
        field.begin(strike.target)
        field.pause(strike.seconds)
        field.end(strike.target)
    for table in _tables(field.state(strike.target)):
        with table.open("r+b") as file:
            file.truncate(table.stat().st_size // 2)
        field.diary.note(strike.target, "SST cut")
    field.begin(strike.target)


def fill_disk(field: Field, strike: Strike) -> None:
    """Let a worker live on a disk that is too small, then on its own again."""
    process = field.workers[strike.target]
    process.stop()
    since = process.report().restarts
    field.begin(strike.target, small_disk(field.state(strike.target)))
    field.pause(strike.seconds)
    if process.report().restarts > since:
        field.diary.note(strike.target, "ended on a full disk")
    field.end(strike.target)
    field.begin(strike.target)


def delete_offsets(field: Field, _strike: Strike) -> None:
    """Stop every worker and delete their group with its offsets; positions come from the log."""
    with ExitStack() as turns:
        for turn in field.turns.values():
            turns.enter_context(turn)
        for process in field.workers.values():
            process.ask()
        for process in field.workers.values():
            process.stop()
        kafka = field.stack.endpoints.kafka
        wait_for("the group to be deleted", lambda: _deleted(kafka), EMPTY_S)
        for worker in field.workers:
            field.begin(worker)


def small_disk(folder: Path) -> tuple[str, ...]:
    """Return what a command runs inside to find this folder on a disk of a few megabytes."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = f'mount -t tmpfs -o size={SMALL_DISK} tmpfs "$0" && exec "$@"'
    inside = ("unshare", "-Urm", "sh", "-c", mount, str(folder))
    try:
        tried = subprocess.run((*inside, "true"), capture_output=True, timeout=PROBE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        tried = None
    if tried is not None and tried.returncode == 0:
        return inside
    # No mounts of our own here: files that may not grow are as bad as a disk that is full.
    return ("prlimit", f"--fsize={SMALL_FILES}")


def _tables(state: Path) -> list[Path]:
    """Return the largest table file of each partition."""
    found = (sorted(each.glob("*.sst"), key=_size) for each in state.glob("*/rocksdb"))
    return [tables[-1] for tables in found if tables]


def _size(file: Path) -> int:
    return file.stat().st_size


def _deleted(bootstrap: Servers) -> bool:
    """Delete the group; whatever ends the child that tries, it is tried again."""
    child = (sys.executable, "-m", "ops.chaos.forget", str(bootstrap), GROUP)
    return subprocess.run(child, capture_output=True, check=False).returncode == 0
