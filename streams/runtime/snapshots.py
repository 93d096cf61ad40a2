"""Snapshots of one process's partitions: taken now and then, used by an owner that comes cold.

Owns: when a snapshot is worth it, the thread that writes them, the choice of the newest good one.
Never: in the way of a commit. A checkpoint is hard links; copying is the thread's work, and what
the place refuses is told and left: the log has everything.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Final, final

from streams.runtime.crashpoints import AFTER, BEFORE, TAKE_SNAPSHOT, Passing
from streams.runtime.errors import StoreFailedError
from streams.runtime.ports import Clock
from streams.runtime.snapshot_place import (
    Manifest,
    RefusedError,
    SnapshotPlace,
    digest_of,
)
from streams.runtime.store import DATABASE, RocksStore

LOG = logging.getLogger(__name__)

CHECKPOINT: Final = "checkpoint"
INCOMING: Final = "rocksdb.incoming"
STALE: Final = "rocksdb.stale"

# A partition in calm takes a small one this often: an heir folds the tails of all that it inherits
# side by side, and four of almost `worth` records took it two seconds.
CALM_S: Final = 10.0
CALM_SHARE: Final = 10
# A new owner does not know when the last one was taken, and does not wait for calm anew; but first
# the other partitions that it inherits shall run.
SETTLE_S: Final = 3.0

Task = Callable[[], None]
# Inode and mtime: RocksDB's tables never change, so that one is hashed once.
Content = tuple[int, int]
PlaceOf = Callable[[str], SnapshotPlace]


@final
class Writer:
    """The one thread that copies snapshots of all partitions of the process."""

    def __init__(self) -> None:
        self._tasks: Final[SimpleQueue[Task]] = SimpleQueue()
        self._starting: Final = threading.Lock()  # partitions give tasks from threads of their own
        self._thread: threading.Thread | None = None

    def give(self, task: Task) -> None:
        """Queue a task; the thread starts with the first."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)
                self._thread.start()
        self._tasks.put(task)

    def _run(self) -> None:
        while True:
            task = self._tasks.get()
            try:
                task()
            except Exception:
                LOG.exception("a snapshot was not written; the next one is tried again")


@final
class Pace:
    """When the next snapshot of a partition is due; `worth` in log records."""

    def __init__(self, worth: int, clock: Clock) -> None:
        self.worth: Final = worth
        self.clock: Final = clock
        self._offset = 0
        self._at_s = clock.monotonic() + SETTLE_S - CALM_S

    def known(self, log_offset: int) -> None:
        """There is one up to this offset, whoever took it."""
        self._offset = log_offset

    def taken(self, log_offset: int) -> None:
        """One up to this offset is taken now, or tried."""
        self._offset, self._at_s = log_offset, self.clock.monotonic()

    def due(self, log_offset: int) -> bool:
        """Say whether a store that is level with this offset is worth another."""
        behind = log_offset - self._offset
        if behind >= self.worth:
            return True
        rested = self.clock.monotonic() - self._at_s >= CALM_S
        return rested and behind >= self.worth // CALM_SHARE


@final
class PartitionSnapshots:
    """The snapshots of one partition, seen by its owner; satisfies `Snapshots`."""

    def __init__(
        self, place_of: PlaceOf, folder: Path, writer: Writer, pace: Pace, passing: Passing
    ) -> None:
        """Take one at that pace, and use one when it saves folding its worth.

        Each log, named by its topic id, has a place of its own: offsets of a topic that was made
        anew begin again, and must not compete with those of its namesake.
        """
        self._place_of: Final = place_of
        self._folder: Final = folder
        self._writer: Final = writer
        self._pace: Final = pace
        self._clock: Final = pace.clock
        self._passing: Final = passing
        self._store: RocksStore | None = None
        self._writing = threading.Event()
        self._passed = self._kept = -1  # log offsets: of the store, of the newest snapshot
        self._kept_at_s: float | None = None
        self._digests: dict[Content, str] = {}

    def opening(self) -> None:
        """Drop what a dead process left beside the store; it may be what fills the disk.

        The writer drops checkpoints: one that an earlier assignment queued is then copied already.
        """
        _remove(self._folder / INCOMING, self._folder / STALE)
        left = list(self._folder.glob(f"{CHECKPOINT}-*"))
        if left:
            self._writer.give(lambda: _remove(*left))

    def opened(self, store: RocksStore) -> RocksStore:
        """Remember the store that checkpoints are taken of."""
        self._store = store
        return store

    def fetch(self, log_topic_id: str, applied: int) -> bool:
        """Lay the newest good snapshot beside the store, when it saves a long fold."""
        try:
            place = self._place_of(log_topic_id)
            offsets = place.offsets()
        except Exception as error:  # noqa: BLE001 - whatever its client raises: there is the log
            LOG.warning("snapshots cannot be listed: %s: %s", type(error).__name__, error)
            return False
        self._pace.known(max(offsets, default=0))
        self._kept = max(offsets, default=0)
        ahead = [offset for offset in offsets if offset - applied >= self._pace.worth]
        return any(self._fetched(place, offset, log_topic_id) for offset in ahead)

    def swap(self) -> None:
        """Put it in place of the closed store; dying in between leaves no store, or one of both."""
        stale, current = self._folder / STALE, self._folder / DATABASE
        _remove(stale)
        if current.exists():
            current.rename(stale)
        (self._folder / INCOMING).rename(current)
        _remove(stale)

    def passed(
        self, log_topic_id: str, log_offset: int, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """Take a snapshot when the last one is far behind and no other is being written."""
        self._passed = log_offset
        if self._writing.is_set() or not self._pace.due(log_offset):
            return
        assert self._store is not None, "a commit has an open store"
        self._pace.taken(log_offset)
        checkpoint = self._folder / f"{CHECKPOINT}-{log_offset}"
        _remove(checkpoint)
        self._passing(f"{BEFORE}-{TAKE_SNAPSHOT}")
        try:
            self._store.checkpoint(checkpoint)
        except StoreFailedError as error:
            LOG.warning("no snapshot at log offset %d: %s", log_offset, error)
            _remove(checkpoint)
            return
        self._passing(f"{AFTER}-{TAKE_SNAPSHOT}")
        self._writing.set()
        named = {name: value.hex() for name, value in headers}
        self._writer.give(lambda: self._write(checkpoint, log_topic_id, log_offset, named))

    def gauges(self) -> dict[str, object]:
        """Say how old the newest snapshot is, and what a cold owner would fold beyond it."""
        found: dict[str, object] = {}
        if self._kept >= 0 and self._passed >= 0:
            found["snapshot_behind"] = max(0, self._passed - self._kept)
        if self._kept_at_s is not None:
            found["snapshot_age_s"] = round(self._clock.monotonic() - self._kept_at_s, 1)
        return found

    def _write(
        self, checkpoint: Path, log_topic_id: str, log_offset: int, headers: Mapping[str, str]
    ) -> None:
        try:
            files = self._digested(checkpoint)
            place = self._place_of(log_topic_id)
            written = place.put(Manifest(log_topic_id, log_offset, headers, files), checkpoint)
            self._kept, self._kept_at_s = log_offset, self._clock.monotonic()
            place.tidy()
            LOG.info("snapshot at log offset %d: %d new bytes", log_offset, written)
        finally:
            _remove(checkpoint)
            self._writing.clear()

    def _digested(self, checkpoint: Path) -> dict[str, str]:
        """Hash each file once: a checkpoint's tables are links to files that never change."""
        known, self._digests = self._digests, {}
        found: dict[str, str] = {}
        for path in sorted(checkpoint.iterdir()):
            about = path.stat()
            key, shared = _content(about), about.st_nlink > 1
            found[path.name] = known[key] if shared and key in known else digest_of(path)
            if shared:
                self._digests[key] = found[path.name]
        return found

    def _fetched(self, place: SnapshotPlace, offset: int, log_topic_id: str) -> bool:
        incoming, began = self._folder / INCOMING, self._clock.monotonic()
        _remove(incoming)
        try:
            manifest = place.read(offset)
            if manifest.log_topic_id != log_topic_id:
                raise RefusedError(f"is of another log, {manifest.log_topic_id}")  # noqa: TRY301
            place.fetch(manifest, incoming)
            fetched = [((incoming / name).stat(), each) for name, each in manifest.files.items()]
            self._digests = {_content(about): digest for about, digest in fetched}
        except Exception as error:  # noqa: BLE001 - refused, or the place is away: an older one
            LOG.warning("snapshot at %d is refused: %s: %s", offset, type(error).__name__, error)
            _remove(incoming)
            return False
        LOG.info(
            "snapshot at log offset %d is taken over: %d bytes after %.2f s",
            offset,
            sum(about.st_size for about, _ in fetched),
            self._clock.monotonic() - began,
        )
        return True


def _content(about: os.stat_result) -> Content:
    return about.st_ino, about.st_mtime_ns


def _remove(*folders: Path) -> None:
    """Remove folders that may not be there."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
