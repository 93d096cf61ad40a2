"""The head of an ordered table: its lowest keys, so that "is anything due?" costs almost nothing.

Owns: a short sorted list of the lowest keys of overlay and store merged, and how far it reaches.
Never: holds rows.

A queue in RocksDB leaves its deleted keys behind until compaction; a scan that starts at the front
of the table pays for each of them. So a scan starts at the lowest key the store is known to have.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar, final

from streams.runtime.ports import Store
from streams.runtime.tables import TableSpec

K = TypeVar("K")
R = TypeVar("R")

# Keys kept: a reload costs about 0.2 ms and serves this many deletions.
HEAD_KEYS: Final = 256


@final
class Head(Generic[K]):
    """The lowest keys of one table."""

    def __init__(self, spec: TableSpec[K, R], store: Store) -> None:
        assert spec.decode_key is not None, f"{spec.name} is not read in order: no decode_key"
        self._prefix: Final = spec.prefix
        self._end: Final = bytes([spec.prefix[0] + 1])
        self._encode_key: Final = spec.encode_key
        self._decode_key: Final = spec.decode_key
        self._store: Final = store
        self._keys: list[bytes] = []
        self._names: dict[bytes, K] = {}
        self._whole = False  # the list holds every key of the table
        self._known = False  # the list holds every key up to its last
        self._start = spec.prefix  # the store has no row of the table below this

    def covers(self, limit: int) -> bool:
        """Say whether the list answers a question for `limit` keys."""
        return self._whole or (self._known and len(self._keys) >= limit)

    def lowest(self, limit: int) -> list[K]:
        """Return the names of the lowest keys."""
        names = self._names
        return [names[key] for key in self._keys[:limit]]

    def add(self, key: bytes, name: K) -> None:
        """A row was put."""
        if not self._known or key in self._names:
            return
        if not self._whole and (not self._keys or key > self._keys[-1]):
            return
        self._keys.insert(bisect_left(self._keys, key), key)
        self._names[key] = name
        if len(self._keys) > 2 * HEAD_KEYS:
            self._cut()

    def remove(self, key: bytes) -> None:
        """A row was deleted."""
        if self._names.pop(key, None) is not None:
            del self._keys[bisect_left(self._keys, key)]

    def stored(self, keys: Iterable[bytes]) -> None:
        """The store has these rows now; keys without prefix."""
        lowest = min(keys, default=None)
        if lowest is not None:
            self._start = min(self._start, self._prefix + lowest)

    def forget(self) -> None:
        """The open group is gone, and with it what its rows did to the list."""
        self._keys, self._names = [], {}
        self._whole = self._known = False

    def load(self, limit: int, *layers: Mapping[K, object]) -> None:
        """Read the list again: the store's lowest keys, then each layer of changes over them."""
        changes: dict[bytes, tuple[K, object]] = {}
        for layer in layers:
            for name, row in layer.items():
                changes[self._encode_key(name)] = (name, row)
        # Every deletion may hide one of the store's rows, so that many more are read.
        wanted = max(limit, HEAD_KEYS) + len(changes)
        stored = self._store.scan(self._start, self._end, wanted)
        self._start = stored[0][0] if stored else self._end
        skip = len(self._prefix)
        names = {key[skip:]: self._decode_key(key[skip:]) for key, _ in stored}
        self._whole = len(stored) < wanted
        last = max(names) if names else b""
        for key, (name, row) in changes.items():
            if row is None:
                names.pop(key, None)
            elif self._whole or key <= last:
                names[key] = name
        self._keys, self._names = sorted(names), names
        self._known = True

    def _cut(self) -> None:
        for key in self._keys[HEAD_KEYS:]:
            del self._names[key]
        del self._keys[HEAD_KEYS:]
        self._whole = False
