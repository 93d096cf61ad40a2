"""A virtual disk for the rows of one partition: survives a kill, not wholly a loss of power.

Owns: the rows, the order of writes that are not yet synced, and the lock of the one who opened it.
Never: tears a write: RocksDB's log gives back whole batches, the last ones missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, final

from ops.simulate.gate import Gate
from streams.runtime.errors import StoreLockedError
from streams.runtime.overlay import APPLIED_KEY

Rows = dict[bytes, bytes]
SYNC_AFTER: Final = 6  # writes: then the write buffer is flushed to a file


@final
class VirtualDisk:
    """The rows of one store of one machine."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.owner: object = None
        self._unsynced: list[list[tuple[bytes, bytes | None]]] = []  # what each write replaced

    def apply(self, changes: list[tuple[bytes, bytes | None]]) -> None:
        """Write all changes."""
        self._unsynced.append([(key, self.rows.get(key)) for key, _ in changes])
        self._put(changes)
        if len(self._unsynced) > SYNC_AFTER:
            self._unsynced.clear()

    @property
    def unsynced(self) -> int:
        """Return how many writes a loss of power could take."""
        return len(self._unsynced)

    def lose(self, writes: int) -> None:
        """Power is lost: the last writes were never on the disk."""
        for _ in range(writes):
            self._put(self._unsynced.pop())
        self._unsynced.clear()

    def replace(self, rows: Rows) -> None:
        """Somebody deleted the folder, or brought back a copy of it."""
        self.rows = dict(rows)
        self._unsynced.clear()

    def _put(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        for key, row in changes:
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = row


@final
class VirtualStore:
    """One opening of a disk; satisfies `Store`."""

    def __init__(self, disk: VirtualDisk, gate: Gate) -> None:
        self._disk: Final = disk
        self._gate: Final = gate
        gate.io("store.open", self._open)

    def get(self, key: bytes) -> bytes | None:
        """Return the row under `key`."""
        if key == APPLIED_KEY:
            return self._gate.io("store.get", lambda: self._disk.rows.get(key))
        return self._disk.rows.get(key)

    def scan(self, start: bytes, end: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Return at most `limit` rows with start <= key < end, in order."""
        rows = self._disk.rows
        keys = sorted([key for key in rows if start <= key < end])
        return self._gate.io("store.scan", lambda: [(key, rows[key]) for key in keys[:limit]])

    def write(self, changes: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write all changes or none."""
        whole = list(changes)
        self._gate.io("store.write", lambda: self._disk.apply(whole))

    def close(self) -> None:
        """Close; idempotent."""
        self._gate.io("store.close", self._close)

    def _close(self) -> None:
        if self._disk.owner is self._gate.process:
            self._disk.owner = None

    def _open(self) -> None:
        if self._disk.owner not in {None, self._gate.process}:
            raise StoreLockedError("the virtual disk is open already")
        self._disk.owner = self._gate.process
