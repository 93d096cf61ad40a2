"""Throw away the data of a stack.

Owns: the list of what belongs to a stack's folder, and its removal.
Never: removes anything else, even when the folder is somebody's home.
"""

import shutil
from pathlib import Path

from ops.stack import config, postgres_home
from ops.stack.config import Layout
from ops.stack.lock import FolderLock


def plan(root: Path) -> tuple[Path, ...]:
    """Return what would be removed."""
    layout = Layout(root)
    public = postgres_home.public_data(layout.service("postgres"))
    folders = (*map(layout.service, config.SERVICES), layout.logs, layout.state)
    files = (layout.ports, layout.run)
    paths = (*((public,) if public else ()), *folders, *files)
    return tuple(path for path in paths if path.exists())


def execute(root: Path) -> tuple[Path, ...]:
    """Remove the data of a stack that is down; what was removed."""
    layout = Layout(root)
    if not root.exists():
        return ()
    held = FolderLock.acquire(layout.lock, "a running stack", patience_s=0.0)
    try:
        removed = plan(root)
        for path in removed:
            _remove(path)
        layout.lock.unlink()
    finally:
        held.release()
    if not any(root.iterdir()):
        root.rmdir()
    return removed


def size_bytes(path: Path) -> int:
    """Return the size of a file or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(part.lstat().st_size for part in path.rglob("*") if part.is_file())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
