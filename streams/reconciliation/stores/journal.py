"""Journal: what every bucket must come to, at each sequence at which a store may stand.

Owns: buckets, blocks and points.
Never: knows what a store holds.

A store moves by whole transactions, so it can stand only at a seal. At each one the running sums of
the bucket are kept, a point; so a bucket that is half full compares exactly while traffic flows.
Points of older buckets are forgotten: a store that far behind is compared once the bucket is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, final

from ledger.tally import BLOCKS, NOTHING, Tally, block_of, bucket_of, rows_of, sequences_of
from schemas.messages.decisions import Decision
from schemas.messages.recon import BucketRow, JournalSum
from streams.reconciliation.stores.tables import Books

BUCKETS_WITH_POINTS: Final = 3
FORGOTTEN_AT_ONCE: Final = 2  # one point is made at a seal, so this catches up


@final
class Journal:
    """The buckets of one partition as the log says."""

    def __init__(self, books: Books) -> None:
        self._books: Final = books

    def take(self, offset: int, group: Sequence[Decision]) -> None:
        """Add the Decisions of one transaction, which begins at this offset."""
        for bucket, some in groupby(group, lambda each: bucket_of(each.sequence)):
            self._add(offset, bucket, list(some))
        self._forget(group[-1].sequence)

    def expected(self, bucket: int, watermark: int) -> JournalSum | None:
        """Return what a store must hold that stands at the watermark; None where nobody knows."""
        first, last = sequences_of(bucket)
        if watermark < first:
            return None
        whole = watermark >= last
        row = self._books.buckets.get(bucket) if whole else self._books.points.get(watermark)
        if row is None:
            return None
        at = block_of(min(watermark, last))
        before = [self._books.blocks.get(each) or b"" for each in range(bucket * BLOCKS, at)]
        tally = Tally(bucket, row.journal)
        tally.resume(at, row.journal.blocks[0])
        return tally.result(before)

    def offset(self, bucket: int) -> int:
        """Return from which offset of the log a bucket can be read."""
        row = self._books.buckets.get(bucket)
        return 0 if row is None else row.offset

    def _add(self, offset: int, bucket: int, group: Sequence[Decision]) -> None:
        row = self._books.buckets.get(bucket)
        tally = Tally(bucket, NOTHING if row is None else row.journal)
        if row is not None:
            at = block_of(group[0].sequence - 1)
            tally.resume(at, row.journal.blocks[0])
        for decision in group:
            tally.add(decision.sequence, rows_of(decision))
        for number, digest in tally.blocks.items():
            self._books.blocks.put(number, digest)
        last = group[-1].sequence
        new = BucketRow(offset if row is None else row.offset, tally.head(block_of(last)))
        self._books.buckets.put(bucket, new)
        self._books.points.put(last, new)

    def _forget(self, sequence: int) -> None:
        oldest, _ = sequences_of(bucket_of(sequence) - BUCKETS_WITH_POINTS + 1)
        for number, _ in self._books.points.first(FORGOTTEN_AT_ONCE):
            if number < oldest:
                self._books.points.delete(number)
