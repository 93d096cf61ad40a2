"""The lock on a stack's folder.

Cassandra takes no lock on its data and a second instance on the same folder corrupts it. So
the stack holds one, and every child inherits it: the lock is free only when the last process
of the stack is gone, whoever died first.

Owns: the lock file.
Never: is broken by force.
"""

import contextlib
import fcntl
import os
import threading
import time
from pathlib import Path
from typing import Final, Self

from ops.stack.errors import FolderLockedError

POLL_S: Final = 0.05


class FolderLock:
    """A held lock; closing it gives it up once all children that inherited it are gone."""

    def __init__(self, fd: int) -> None:
        """Take over an open and locked file."""
        self.fd = fd

    @classmethod
    def acquire(cls, file: Path, owner: str, patience_s: float) -> Self:
        """Take the lock, waiting a little for the last processes of an earlier owner."""
        file.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + patience_s
        while not _try(fd):
            if time.monotonic() > deadline:
                os.close(fd)
                raise FolderLockedError(file.parent, owner)
            threading.Event().wait(POLL_S)
        return cls(fd)

    def release(self) -> None:
        """Give up our share of the lock."""
        with contextlib.suppress(OSError):
            os.close(self.fd)


def _try(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(file: Path) -> bool:
    """Tell whether any process of a stack still holds the lock."""
    try:
        fd = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try(fd)
    finally:
        os.close(fd)
