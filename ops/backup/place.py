"""Where an archive lies: a folder or any address that fsspec reads.

Owns: the names of its files, reading them with their digest checked, writing them by rename.
Never: knows what a record means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, final

import fsspec

from ops.backup.errors import DamagedError
from ops.backup.manifest import NAME, Manifest, Segment, Span
from ops.backup.segment import Entry, packed, unpacked

SUFFIX: Final = ".seg.gz"
PART: Final = ".part"


@final
class Archive:
    """One archive. Any method may raise what the place's client raises."""

    def __init__(self, url: str) -> None:
        self._system, root = fsspec.url_to_fs(url)
        self._root: Final = root.rstrip("/")

    def manifest(self) -> Manifest | None:
        """Return the manifest, or None where no archive was begun. Raises `DamagedError`."""
        try:
            return Manifest.from_bytes(self._system.cat_file(f"{self._root}/{NAME}"))
        except FileNotFoundError:
            return None

    def opened(self) -> Manifest:
        """Return the manifest of a whole archive. Raises `DamagedError`."""
        manifest = self.manifest()
        if manifest is None:
            raise DamagedError(f"{self._root}: has no {NAME}: no backup was made there")
        if not manifest.whole:
            raise DamagedError(f"{self._root}: `backup create` never came to its end: run it again")
        return manifest

    def keep(self, manifest: Manifest) -> None:
        """Write the manifest; from here on it is the archive."""
        self._write(NAME, manifest.to_bytes())

    def put(
        self, topic: str, partition: int, bounds: tuple[int, int], entries: list[Entry]
    ) -> Segment:
        """Write a file of these records, which covers the offsets between the bounds."""
        first, after = bounds
        name, data = f"{topic}/{partition:05d}/{first:020d}{SUFFIX}", packed(entries)
        self._write(name, data)
        newest_ms = max((each.time_ms for each in entries), default=0)
        digest = sha256(data).hexdigest()
        return Segment(name, first, after, len(entries), len(data), digest, newest_ms)

    def entries(self, span: Span) -> Iterator[Entry]:
        """Yield the records of a topic partition. Raises `DamagedError` naming the file."""
        at = span.first
        for segment in span.segments:
            if segment.first != at:
                raise DamagedError(f"{segment.name}: begins at {segment.first}, not at {at}")
            yield from self._checked(segment)
            at = segment.next

    def holds(self, segment: Segment) -> bool:
        """Say whether the file is there in its length; its content is for `entries` to check."""
        return self._size(segment.name) == segment.size

    def strays(self, manifest: Manifest) -> list[str]:
        """Return the files of a killed run, which no manifest names."""
        known = {each.name for span in manifest.spans.values() for each in span.segments}
        found: Iterable[str] = self._system.find(self._root)
        names = (path.removeprefix(self._root).lstrip("/") for path in found)
        return sorted(name for name in names if name not in known and name != NAME)

    def _checked(self, segment: Segment) -> Iterator[Entry]:
        try:
            data: bytes = self._system.cat_file(f"{self._root}/{segment.name}")
        except FileNotFoundError as error:
            raise DamagedError(f"{segment.name}: is missing") from error
        if len(data) != segment.size:
            raise DamagedError(f"{segment.name}: has {len(data)} bytes of {segment.size}")
        if sha256(data).hexdigest() != segment.sha256:
            raise DamagedError(f"{segment.name}: has another content than was archived")
        at, count = segment.first, 0
        for entry in unpacked(data, segment.name):
            if not at <= entry.offset < segment.next:
                raise DamagedError(f"{segment.name}: offset {entry.offset} is out of its order")
            at, count = entry.offset + 1, count + 1
            yield entry
        if count != segment.records:
            raise DamagedError(f"{segment.name}: has {count} records of {segment.records}")

    def _size(self, name: str) -> int | None:
        try:
            return int(self._system.size(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None

    def _write(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._system.pipe_file(f"{path}{PART}", data)
        self._system.mv(f"{path}{PART}", path)
