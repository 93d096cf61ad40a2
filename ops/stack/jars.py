"""The server jars: pinned in `jars.json`, fetched once, verified, shared by all stacks.

Theory: the lock file names every artifact with its digest, so nothing is resolved at run
time. An artifact is fetched through jgo, which needs no Maven; where that fails and `mvn`
exists, through Maven, which knows the mirrors of a company. No address is written here.

Owns: the lock file and the cache folder of jars.
Never: uses a jar whose digest differs.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from ops.stack import jars_fetch, parallel
from ops.stack.errors import DownloadFailedError

LOCK_FILE: Final = Path(__file__).with_name("jars.json")
PARALLEL: Final = 8
REPORT_EVERY: Final = 10

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Jar:
    """One pinned artifact."""

    coordinate: str  # group:artifact:version[:classifier]
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        """Return the name a Maven repository gives it."""
        _, artifact, version, *classifier = self.coordinate.split(":")
        return "-".join((artifact, version, *classifier)) + ".jar"


def pinned(server: str) -> tuple[Jar, ...]:
    """Return the jars of one server from the lock file."""
    artifacts = json.loads(LOCK_FILE.read_text(encoding="utf-8"))[server]["artifacts"]
    return tuple(Jar(name, row["sha256"], row["bytes"]) for name, row in artifacts.items())


def ensure(server: str, version: str, cache: Path, say: Say) -> Path:
    """Return the folder with a server's jars, fetching what is missing."""
    folder = cache / f"{server}-{version}"
    jars = pinned(server)
    if _complete(folder, jars):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        # A second stack that starts cold waits here instead of fetching the same again.
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [jar for jar in jars if not is_good(folder / jar.file_name, jar)]
        if missing:
            _fetch(server, missing, folder, say)
            shutil.rmtree(folder / ".downloads", ignore_errors=True)
    return folder


def _complete(folder: Path, jars: Iterable[Jar]) -> bool:
    # Digests are checked when a jar arrives; at every later start its size has to do.
    paths = ((folder / jar.file_name, jar.size) for jar in jars)
    return all(path.exists() and path.stat().st_size == size for path, size in paths)


def is_good(path: Path, jar: Jar) -> bool:
    """Tell whether a file is the pinned artifact, byte for byte."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


def _fetch(server: str, missing: list[Jar], folder: Path, say: Say) -> None:
    megabytes = sum(jar.size for jar in missing) / 1e6
    say(f"{server}: fetching {len(missing)} jars, {megabytes:.0f} MB, once for all stacks")
    try:
        _fetch_each(server, missing, folder, say)
    except DownloadFailedError as error:
        if shutil.which("mvn") is None:
            raise
        say(f"{server}: {error}; trying Maven")
        _fetch_by_maven(missing, folder)
    say(f"{server}: jars complete and verified")


def _fetch_each(server: str, missing: list[Jar], folder: Path, say: Say) -> None:
    actions = (partial(_fetch_one, jar, folder) for jar in missing)
    for done in parallel.each(actions, PARALLEL):
        if done % REPORT_EVERY == 0:
            say(f"{server}: {done} of {len(missing)} jars")


def _fetch_one(jar: Jar, folder: Path) -> None:
    downloads = folder / ".downloads"
    # The second try is for a file that an interrupted download left half-written.
    for _ in range(2):
        path = jars_fetch.by_jgo(jar.coordinate, downloads)
        if is_good(path, jar):
            path.replace(folder / jar.file_name)
            return
        path.unlink()
    raise DownloadFailedError(f"{jar.coordinate} has not the SHA-256 pinned in {LOCK_FILE.name}")


def _fetch_by_maven(missing: list[Jar], folder: Path) -> None:
    arrivals = folder / ".downloads"
    jars_fetch.by_maven([jar.coordinate for jar in missing], arrivals)
    for jar in missing:
        path = arrivals / jar.file_name
        if not is_good(path, jar):
            raise DownloadFailedError(f"Maven's {jar.coordinate} does not have the pinned SHA-256")
        path.replace(folder / jar.file_name)
