"""Checks 9 and 10: the rows of a store are the rows of the log, as multisets, by rolling hash.

Owns: sums over buckets of sequences, and the exact rows of the buckets that differ.
Never: keeps all rows; a second reading fetches those of a differing bucket.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, final

from ledger.facts import entries_of, outcome_of, postings_of, transaction_steps_of
from ledger.history import history_of
from ops.checker.report import Result
from schemas.messages.decisions import Decision
from sinks.digests import ENTRIES, HISTORY, MODULUS, OUTCOMES, POSTINGS, TRANSACTION_STEPS

BUCKET: Final = 1_000  # sequences
BUCKETS_NAMED: Final = 20
SHOWN: Final = 160
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))  # json.dumps would make one for every row

Bucket = tuple[str, int, int]  # view, partition, sequence // BUCKET
Placed = tuple[str, int, int, tuple[object, ...]]  # view, partition, sequence, row


def rows_in(decision: Decision) -> Iterator[Placed]:
    """Yield every row that the stores must hold of a Decision."""
    at = (decision.partition, decision.sequence)
    yield (OUTCOMES, *at, outcome_of(decision))
    for row in entries_of(decision):
        yield (ENTRIES, *at, row)
    for posting in postings_of(decision):
        yield (POSTINGS, *at, posting)
    for step in transaction_steps_of(decision):
        yield (TRANSACTION_STEPS, *at, step)
    for line in history_of(decision):
        yield (HISTORY, *at, line)


@final
class RowSums:
    """Count and sum of hashes of rows, by bucket."""

    def __init__(self) -> None:
        self.sums: Final[dict[Bucket, tuple[int, int]]] = {}
        self.count = 0

    def add(self, rows: Iterable[Placed]) -> None:
        """Add rows up."""
        for view, partition, sequence, row in rows:
            key = (view, partition, sequence // BUCKET)
            count, total = self.sums.get(key, (0, 0))
            number = int.from_bytes(sha256(text_of(row).encode()).digest(), "big")
            self.sums[key] = (count + 1, (total + number) % MODULUS)
            self.count += 1

    def of(self, views: Iterable[str]) -> dict[Bucket, tuple[int, int]]:
        """Return the sums of some views."""
        chosen = set(views)
        return {key: total for key, total in self.sums.items() if key[0] in chosen}


def differing(log: RowSums, store: RowSums, views: Iterable[str]) -> list[Bucket]:
    """Return the buckets in which a store differs from the log."""
    ours, theirs = log.of(views), store.of(views)
    return sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))


def name_rows(store: str, log: Iterable[Placed], held: Iterable[Placed], result: Result) -> None:
    """Name the rows of differing buckets that only one of the two has."""
    ours, theirs = Counter(map(_text, log)), Counter(map(_text, held))
    for (view, partition, sequence, text), count in sorted((ours - theirs).items()):
        where = f"{store}, partition {partition} #{sequence}"
        result.add(where, f"{view}: {count} missing: {text[:SHOWN]}")
    for (view, partition, sequence, text), count in sorted((theirs - ours).items()):
        where = f"{store}, partition {partition} #{sequence}"
        result.add(where, f"{view}: {count} not in the log: {text[:SHOWN]}")


def inside(rows: Iterable[Placed], buckets: Iterable[Bucket]) -> Iterator[Placed]:
    """Yield the rows that lie in some buckets."""
    chosen = set(buckets)
    return (row for row in rows if (row[0], row[1], row[2] // BUCKET) in chosen)


def text_of(row: tuple[object, ...]) -> str:
    """Return a canonical row as text: tuples and lists are the same."""
    return _ENCODER.encode(row)


def _text(placed: Placed) -> tuple[str, int, int, str]:
    view, partition, sequence, row = placed
    return view, partition, sequence, text_of(row)
