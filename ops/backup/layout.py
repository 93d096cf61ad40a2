"""Layout: what has to be written between records so that each gets the offset it had.

Owns: the stretches of a partition: records side by side, then offsets that nobody reads.
Never: writes.

Offsets without a record were markers of transactions, records of aborted ones, or were removed by
compaction. A gap of one is closed by the marker that follows a committed transaction of the record
before it; a longer one by an aborted transaction: as many fillers as are missing, less one, and
its marker. Readers of committed records see neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ops.backup.segment import Entry

STRETCH_MAX: Final = 2_000  # records in memory for one partition
STRETCH_BYTES: Final = 4 << 20


class Stretch(NamedTuple):
    """Records whose offsets follow each other, and how many offsets lie empty behind them."""

    entries: list[Entry]
    gap: int


def stretches(first: int, entries: Iterable[Entry], floor: int) -> Iterator[Stretch]:
    """Yield a partition from `first` on; it ends at `floor`, or with the last record after it."""
    at, held, size = first, list[Entry](), 0
    for entry in entries:
        if entry.offset != at:
            yield Stretch(held, entry.offset - at)
            held, size = [], 0
        elif len(held) >= STRETCH_MAX or size >= STRETCH_BYTES:
            yield Stretch(held, 0)
            held, size = [], 0
        held.append(entry)
        size += len(entry.value or b"")
        at = entry.offset + 1
    if held or floor > at:
        yield Stretch(held, max(0, floor - at))
