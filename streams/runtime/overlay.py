"""The overlay: reads-your-writes over the committed rows, and a bounded cache of decoded rows.

Owns: where a row is looked for, in this order: changed (this group) -> folded (whole groups, not
yet in the store) -> cache (young, old, fresh) -> store.
Never: writes the store before `flush`, and `flush` is called only for groups the broker committed.

Life of a group's rows: `put` -> changed; `fold` -> folded (the group is whole and committed);
`flush` -> store and cache. `rollback` forgets changed. Recovery folds many groups per flush and
flushes one group late, so that the last group's outputs are sent again before the store has it.

Many rows are written once and not read soon: a wallet is asked for again and again, the entry of a
movement hardly ever. So a row that no cache knew waits among the fresh for somebody to read it, and
only what was read twice pushes others out. Tables that are hardly read at all are in `encoded.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final, Generic, TypeVar, cast, final

from streams.runtime.encoded import FRESH_ROWS, Change, EncodedTable
from streams.runtime.heads import Head
from streams.runtime.limits import LIMITS
from streams.runtime.ports import Store, alone, share_of
from streams.runtime.tables import TableSpec

K = TypeVar("K")
R = TypeVar("R")
K2 = TypeVar("K2")
R2 = TypeVar("R2")


class _Missing:
    """The mark of a key that a layer knows nothing about; None there means deleted."""


MISSING: Final = _Missing()
# So many rows of a table at once have passed all of its wallets: the cache begins anew.
MANY_ROWS: Final = 10_000
# Keys known to be absent, per table: a policy that was never activated is asked for with every
# record. Most absent keys are asked for once, so the set is small and simply emptied when full.
ABSENT_KEYS: Final = 1_024


@final
class OverlayTable(Generic[K, R]):
    """One table of the overlay; satisfies `SortedRows`."""

    __slots__ = (
        "_absent",
        "_changed",
        "_decode",
        "_encode",
        "_encode_key",
        "_folded",
        "_fresh",
        "_head",
        "_old",
        "_prefix",
        "_spec",
        "_store",
        "_young",
    )

    def __init__(self, spec: TableSpec[K, R], store: Store) -> None:
        self._spec: Final = spec
        self._store: Final = store
        self._prefix: Final = spec.prefix
        self._encode_key: Final = spec.encode_key
        self._encode: Final = spec.encode
        self._decode: Final = spec.decode
        self._changed: dict[K, R | None] = {}
        self._folded: dict[K, R | None] = {}
        self._young: dict[K, R] = {}
        self._old: dict[K, R] = {}
        self._fresh: dict[K, R | None] = {}
        self._absent: set[K] = set()
        self._head: Head[K] | None = None

    def get(self, key: K, /) -> R | None:
        """Return the row under `key`, or None."""
        row: R | _Missing | None = self._changed.get(key, MISSING)
        if row is not MISSING:
            return cast("R | None", row)
        if self._folded:
            row = self._folded.get(key, MISSING)
            if row is not MISSING:
                return cast("R | None", row)
        row = self._young.get(key)
        if row is not None:
            return row
        return self._get_older(key)

    def _get_older(self, key: K) -> R | None:
        row = self._old.pop(key, None)
        if row is None:
            row = self._fresh.pop(key, None)
        if row is None:
            if key in self._absent:
                return None
            data = self._store.get(self._prefix + self._encode_key(key))
            if data is None:
                self._note_absent(key)
                return None
            row = self._decode(data)
        self._young[key] = row
        return row

    def _note_absent(self, key: K) -> None:
        if len(self._absent) >= ABSENT_KEYS:
            self._absent.clear()
        self._absent.add(key)

    def put(self, key: K, row: R, /) -> None:
        """Write `row` under `key`."""
        self._changed[key] = row
        if self._head is not None:
            self._head.add(self._encode_key(key), key)

    def delete(self, key: K, /) -> None:
        """Remove the row under `key`; nothing happens when there is none."""
        self._changed[key] = None
        if self._head is not None:
            self._head.remove(self._encode_key(key))

    def first(self, limit: int, /) -> list[tuple[K, R]]:
        """Return at most `limit` rows, lowest keys first."""
        head = self._head
        if head is None:
            head = self._head = Head(self._spec, self._store)
        if not head.covers(limit):
            head.load(limit, self._folded, self._changed)
        rows: list[tuple[K, R]] = []
        for key in head.lowest(limit):
            row = self.get(key)
            assert row is not None, f"{self._spec.name}: the head names a row that is not there"
            rows.append((key, row))
        return rows

    def changes(self) -> list[Change]:
        """Encode the rows changed since the last fold."""
        return list(self._encoded(self._changed, b""))

    def pending(self) -> Iterator[Change]:
        """Encode the rows folded since the last flush, with their prefix, one by one."""
        return self._encoded(self._folded, self._prefix)

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
        """The store has every folded row: move them to the cache; return the cache's size."""
        rows = self._folded
        if len(rows) > MANY_ROWS:
            # A recovery's: nearly all that was read has changed since, and is among the fresh now.
            self._young, self._old = {}, {}
        young, old = self._young, self._old
        for key in (rows.keys() & young.keys()) | (rows.keys() & old.keys()):
            row = rows[key]
            old.pop(key, None)
            if row is None:
                young.pop(key, None)
            else:
                young[key] = row
        if self._absent:
            self._absent = self._absent.difference(rows)
        if self._head is not None:
            self._head.stored(self._encode_key(key) for key, row in rows.items() if row is not None)
        if len(self._fresh) > FRESH_ROWS:
            self._fresh, self._folded = rows, {}
        else:
            self._fresh.update(rows)
            rows.clear()
        return len(young)

    def rollback(self) -> None:
        """Forget the rows changed since the last fold."""
        if self._changed:
            self._changed.clear()
            if self._head is not None:
                self._head.forget()

    def age(self) -> None:
        """Forget cached rows that nobody asked for since the last call."""
        self._old, self._young = self._young, {}

    def _encoded(self, rows: dict[K, R | None], prefix: bytes) -> Iterator[Change]:
        encode_key, encode = self._encode_key, self._encode
        for key, row in rows.items():
            yield prefix + encode_key(key), None if row is None else encode(row)


@final
class OverlayState:
    """Every table of a job's partition over one store; satisfies `Overlay`."""

    def __init__(
        self,
        specs: tuple[TableSpec[Any, Any], ...],
        store: Store,
        cached_rows: int = LIMITS.cached_rows,
        sharers: Callable[[], int] = alone,
    ) -> None:
        """Keep `cached_rows` of each generation, or a share of them."""
        prefixes = {spec.prefix for spec in specs}
        assert len(prefixes) == len(specs), "two tables share a prefix"
        assert all(len(prefix) == 1 and prefix != APPLIED_KEY[:1] for prefix in prefixes)
        self._store: Final = store
        self._cached_rows: Final = cached_rows
        self._sharers: Final = sharers
        self._tables: Final[dict[str, OverlayTable[Any, Any] | EncodedTable[Any, Any]]] = {
            spec.name: EncodedTable(spec, store) if spec.hardly_read else OverlayTable(spec, store)
            for spec in specs
        }

    def table(self, spec: TableSpec[K2, R2]) -> OverlayTable[K2, R2] | EncodedTable[K2, R2]:
        """Return the table; the same object each time."""
        return self._tables[spec.name]

    def changes(self) -> list[tuple[str, bytes, bytes | None]]:
        """Return (table name, key bytes, row bytes or None) of every row of the open group."""
        return [
            (name, key, row) for name, table in self._tables.items() for key, row in table.changes()
        ]

    def waiting(self) -> int:
        """Return how many rows changed since the last fold."""
        return sum([table.waiting() for table in self._tables.values()])

    def fold(self) -> int:
        """What changed is whole and committed; return how many rows wait for the store."""
        return sum([table.fold() for table in self._tables.values()])

    def flush(self, applied: bytes) -> None:
        """Write every folded row and the applied row to the store, all or nothing."""
        # One by one, not as a list: a recovery's would be 450,000 objects that leave every cache
        # before the store comes to them, and that the garbage collector walks.
        pending = [table.pending() for table in self._tables.values()]
        self._store.write(chain(chain.from_iterable(pending), ((APPLIED_KEY, applied),)))
        cached = sum([table.flushed() for table in self._tables.values()])
        if cached > share_of(self._cached_rows, self._sharers):
            for table in self._tables.values():
                if isinstance(table, OverlayTable):
                    table.age()

    def rollback(self) -> None:
        """Forget the open group."""
        for table in self._tables.values():
            table.rollback()


# Where the applied row lives; no table may use the prefix.
APPLIED_KEY: Final = b"\x00applied"
