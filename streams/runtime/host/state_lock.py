"""State lock: one process per worker name.

Owns: the lock file of a worker's state folder, held for the life of the process.
Never: waits. A second worker with the same name must not even join the group.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from streams.runtime.errors import StoreLockedError

FILE = "worker.lock"


def lock_state(folder: Path) -> int:
    """Lock the folder and return the open file; the operating system gives it back at exit."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(file, 32).decode("ascii", "replace").strip()
        os.close(file)
        raise StoreLockedError(
            f"state folder {folder} is held by another worker (process {holder or 'unknown'}): "
            f"stop it, or give this worker another name with LEDGER_WORKER"
        ) from error
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
    return file
