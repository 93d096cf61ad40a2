"""Clean: remove everything that a command of this project can make again.

Owns: the list of generated folders.
Never: touches a file that git tracks, or data of a stack that is running.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".native",
    ".pytest_cache",
    ".report",
    ".ruff_cache",
    ".site",
    "build",
    "dist",
    "wallet_ledger.egg-info",
)
STACK_DATA = (".stack", ".stacks", "state")
ENVIRONMENT = ".venv"
EXIT_BUSY = 1


def main() -> int:
    """Remove caches, stack data and the environment, in this order."""
    busy = next((lock for name in STACK_DATA for lock in held_locks(ROOT / name)), None)
    if busy is not None:
        place = busy.parent.relative_to(ROOT)
        sys.stderr.write(
            f"clean: a stack is running in {place}; stop it with: ledgerctl stack down\n"
        )
        return EXIT_BUSY
    for folder in (*bytecode(), *(ROOT / name for name in (*FOLDERS, *STACK_DATA, ENVIRONMENT))):
        if folder.exists():
            remove(folder)
    return 0


def held_locks(folder: Path) -> Iterator[Path]:
    """Lock files below the folder that a living process holds."""
    for path in folder.rglob("*.lock"):
        if path.is_file() and is_held(path):
            yield path


def is_held(path: Path) -> bool:
    """Whether another process holds the lock on this file."""
    with path.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def bytecode() -> Iterator[Path]:
    """Bytecode folders of our own sources."""
    for folder, children, _ in os.walk(ROOT):
        children[:] = [name for name in children if not name.startswith(".")]
        if "__pycache__" in children:
            yield Path(folder, "__pycache__")


def remove(folder: Path) -> None:
    """Remove one folder and say so."""
    shutil.rmtree(folder)
    if folder.name != "__pycache__":
        print(f"clean: removed {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
