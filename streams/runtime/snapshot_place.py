"""Where snapshots lie: a shared folder or an object store, files by their content.

Owns: the layout `<partition>/<log topic id>/`, in it `files/<sha-256>` and `<log offset>.json`,
what a manifest says, and what is refused: what is not, byte for byte, as its manifest names it.
Never: truth. A snapshot is a fold of the committed log up to an offset, whoever took it, so one
that a woken zombie writes is as good as its successor's.

The manifest is written last, so that a snapshot whose writer died is none. A file that an older
snapshot has is not written again: RocksDB never changes one, it only makes new ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final, final

import fsspec

from streams.runtime import hashed

FORMAT: Final = 1
KEPT: Final = 2  # an older one is there in case the newest is damaged
FILES: Final = "files"
SUFFIX: Final = ".json"
# Renamed when it is whole: also in an ordinary folder a reader sees all of a file or none of it.
PART: Final = ".part"


class RefusedError(Exception):
    """A snapshot is damaged or of another kind; the message says what differs."""


@final
@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is: rows up to a log offset, and the files that hold them.

    log_topic_id: Kafka's id of the log; another topic's snapshot is nothing.
    log_offset: the next offset to fold.
    headers: of the last record before it, in hex; the chain head of the job is among them.
    files: name in RocksDB's folder -> SHA-256 of the content, in hex.
    """

    log_topic_id: str
    log_offset: int
    headers: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def state(self) -> str:
        """Return the hash of all files together."""
        return sha256(json.dumps(sorted(self.files.items())).encode()).hexdigest()

    def to_bytes(self) -> bytes:
        """Return the manifest with its own hash."""
        body = {
            "format": FORMAT,
            "log_topic_id": self.log_topic_id,
            "log_offset": self.log_offset,
            "headers": dict(self.headers),
            "files": dict(sorted(self.files.items())),
            "state": self.state,
        }
        return hashed.to_bytes(body)

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read one. Raises `RefusedError`."""
        try:
            body, is_own = hashed.from_bytes(data)
            manifest = cls(
                body["log_topic_id"],
                int(body["log_offset"]),
                dict(body["headers"]),
                dict(body["files"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RefusedError(f"is no manifest: {type(error).__name__}: {error}") from error
        if not is_own:
            raise RefusedError("says another hash of itself than it has")
        if body.get("format") != FORMAT or body.get("state") != manifest.state:
            raise RefusedError(f"is of another format than {FORMAT}")
        return manifest


@final
class SnapshotPlace:
    """The snapshots of one partition's log. Any method may raise what the place's client raises."""

    def __init__(self, url: str, *folders: str) -> None:
        self._system, root = fsspec.url_to_fs(url)
        self._root: Final = "/".join((root.rstrip("/"), *folders))

    def offsets(self) -> list[int]:
        """Return the log offsets of all snapshots, newest first."""
        names = (path.rpartition("/")[2] for path in self._names(self._root))
        found = (name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX))
        return sorted((int(offset) for offset in found if offset.isdecimal()), reverse=True)

    def read(self, offset: int) -> Manifest:
        """Return the manifest of a snapshot. Raises `RefusedError`."""
        manifest = Manifest.from_bytes(self._system.cat_file(self._manifest(offset)))
        if manifest.log_offset != offset:
            raise RefusedError(f"says {manifest.log_offset}, and lies under {offset}")
        return manifest

    def fetch(self, manifest: Manifest, folder: Path) -> None:
        """Copy the files into an empty folder and check each. Raises `RefusedError`."""
        folder.mkdir(parents=True)
        for name, digest in manifest.files.items():
            if Path(name).name != name:
                raise RefusedError(f"names a file outside its folder: {name}")
            try:
                self._system.get_file(self._file(digest), str(folder / name))
            except FileNotFoundError as error:
                raise RefusedError(f"{name} is missing") from error
            if digest_of(folder / name) != digest:
                self._system.rm_file(self._file(digest))  # the next snapshot writes it again
                raise RefusedError(f"{name} has another content than it had")

    def put(self, manifest: Manifest, folder: Path) -> int:
        """Write a snapshot, its manifest last; return how many bytes were new."""
        known = {path.rpartition("/")[2] for path in self._names(f"{self._root}/{FILES}")}
        self._system.makedirs(f"{self._root}/{FILES}", exist_ok=True)
        written = 0
        for name, digest in manifest.files.items():
            if digest not in known:
                part = f"{self._file(digest)}{PART}"
                self._system.put_file(str(folder / name), part)
                self._system.mv(part, self._file(digest))
                written += (folder / name).stat().st_size
                known.add(digest)
        part = f"{self._manifest(manifest.log_offset)}{PART}"
        self._system.pipe_file(part, manifest.to_bytes())
        self._system.mv(part, self._manifest(manifest.log_offset))
        return written

    def tidy(self) -> None:
        """Remove all but the newest snapshots, and the files that only older ones have."""
        offsets = self.offsets()
        needed: set[str] = set()
        for offset in offsets[:KEPT]:
            try:
                needed |= set(self.read(offset).files.values())
            except RefusedError:
                continue  # nobody will use it; the next ones push it out
        for offset in offsets[KEPT:]:
            self._system.rm_file(self._manifest(offset))
        for path in self._names(f"{self._root}/{FILES}"):
            if path.rpartition("/")[2] not in needed:
                self._system.rm_file(path)

    def _names(self, folder: str) -> Sequence[str]:
        try:
            return [str(path) for path in self._system.ls(folder, detail=False, refresh=True)]
        except FileNotFoundError:
            return []

    def _manifest(self, offset: int) -> str:
        return f"{self._root}/{offset:020d}{SUFFIX}"

    def _file(self, digest: str) -> str:
        return f"{self._root}/{FILES}/{digest}"


def folder_of(log_topic_id: str) -> str:
    """Return a topic's id as Kafka writes it; librdkafka's has / and +, which would be folders."""
    return log_topic_id.translate(str.maketrans("+/", "-_"))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
