"""A table of rows that are written once and hardly ever read: kept as bytes from `put` on.

Owns: where such a row is looked for: changed (this group) -> folded (whole groups, not yet in the
store) -> fresh (what the store was given last) -> store.
Never: keeps decoded rows. Their life and their layers are those of `overlay.py`.

A row is encoded while it is in the processor's cache, and a waiting one is two objects, not ten:
there is one such row a Decision, a third of all that a recovery writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Generic, TypeVar, final

from streams.runtime.ports import Store
from streams.runtime.tables import TableSpec

K = TypeVar("K")
R = TypeVar("R")

Change = tuple[bytes, bytes | None]
# Rows of earlier flushes kept in memory: what another partition answers comes soon.
FRESH_ROWS: Final = 2_000


@final
class EncodedTable(Generic[K, R]):
    """One such table of the overlay; satisfies `SortedRows`, but is not read in order."""

    __slots__ = (
        "_changed",
        "_decode",
        "_encode",
        "_encode_key",
        "_folded",
        "_fresh",
        "_prefix",
        "_store",
    )

    def __init__(self, spec: TableSpec[K, R], store: Store) -> None:
        self._store: Final = store
        self._prefix: Final = spec.prefix
        self._encode_key: Final = spec.encode_key
        self._encode: Final = spec.encode
        self._decode: Final = spec.decode
        # Keys as the store has them, prefix and all.
        self._changed: dict[bytes, bytes | None] = {}
        self._folded: dict[bytes, bytes | None] = {}
        self._fresh: dict[bytes, bytes | None] = {}

    def get(self, key: K, /) -> R | None:
        """Return the row under `key`, or None."""
        name = self._prefix + self._encode_key(key)
        if name in self._changed:
            data = self._changed[name]
        elif name in self._folded:
            data = self._folded[name]
        elif name in self._fresh:
            data = self._fresh[name]
        else:
            data = self._store.get(name)
        return None if data is None else self._decode(data)

    def put(self, key: K, row: R, /) -> None:
        """Write `row` under `key`."""
        self._changed[self._prefix + self._encode_key(key)] = self._encode(row)

    def delete(self, key: K, /) -> None:
        """Remove the row under `key`; nothing happens when there is none."""
        self._changed[self._prefix + self._encode_key(key)] = None

    def first(self, limit: int, /) -> list[tuple[K, R]]:
        """Fail: what is hardly ever read is not read in order."""
        message = f"the table {self._prefix!r} is not read in order, not even {limit} rows of it"
        raise AssertionError(message)

    def changes(self) -> list[Change]:
        """Return the rows changed since the last fold, keys without prefix."""
        skip = len(self._prefix)
        return [(name[skip:], data) for name, data in self._changed.items()]

    def pending(self) -> Iterator[Change]:
        """Return the rows folded since the last flush, with their prefix."""
        return iter(self._folded.items())

    def waiting(self) -> int:
        """Return how many rows changed since the last fold."""
        return len(self._changed)

    def fold(self) -> int:
        """The group is whole: keep its rows for the next flush; return how many rows wait."""
        if self._folded:
            self._folded.update(self._changed)
            self._changed.clear()
        else:
            self._folded, self._changed = self._changed, self._folded
        return len(self._folded)

    def flushed(self) -> int:
        """The store has every folded row; return the size of the cache, which is none."""
        if len(self._fresh) > FRESH_ROWS:
            self._fresh, self._folded = self._folded, {}
        else:
            self._fresh.update(self._folded)
            self._folded.clear()
        return 0

    def rollback(self) -> None:
        """Forget the rows changed since the last fold."""
        self._changed.clear()
