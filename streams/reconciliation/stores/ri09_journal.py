"""RI09: PostgreSQL holds exactly the rows of the log, per bucket of 10,000 sequences.

Compared are digests per block of 100 sequences, so a row that is missing, extra or altered is
placed there; counts by table and sums by class say in which way it differs. The log is the truth,
so the bucket is built again from it.

Owns: the comparison of one bucket, and its words.
Never: a table, a topic.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from ledger.tally import BLOCK, sequences_of
from schemas.messages.recon import JournalSum
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check
from streams.reconciliation.stores.breaks import Wrong

CHECK: Final = Check(ReconCheck.RI09, ReconSeverity.CRITICAL, ReconAction.REPAIR)
EMPTY: Final = b""
SHOWN: Final = 5  # blocks and classes that are named


def failed(bucket: int, expected: JournalSum, held: JournalSum) -> Wrong | None:
    """Return where and how a store's bucket is not that of the log."""
    pairs = zip_longest(expected.blocks, held.blocks, fillvalue=EMPTY)
    blocks = [number for number, (want, found) in enumerate(pairs) if _differ(want, found)]
    if not blocks:
        return None
    first, _ = sequences_of(bucket)
    starts = [first + number * BLOCK for number in blocks]
    ranges = [f"{start}-{start + BLOCK - 1}" for start in starts[:SHOWN]]
    more = f" and {len(starts) - SHOWN} more" if len(starts) > SHOWN else ""
    how = [*_rows(expected, held), *list(_money(expected, held))[:SHOWN]]
    return Wrong(
        starts[0], f"sequences {', '.join(ranges)}{more}: {', '.join(how) or 'rows were altered'}"
    )


def _differ(want: bytes, found: bytes) -> bool:
    """An empty block is as good as one of zeros."""
    return want != found and (any(want) or any(found))


def _rows(expected: JournalSum, held: JournalSum) -> Iterator[str]:
    for table, want, found in (
        ("outcome", expected.outcomes, held.outcomes),
        ("journal_entry", expected.entries, held.entries),
        ("posting", expected.postings, held.postings),
        ("hold_step", expected.hold_steps, held.hold_steps),
        ("transaction_step", expected.transaction_steps, held.transaction_steps),
    ):
        if want != found:
            kind = "missing" if want > found else "extra"
            yield f"{table} has {abs(want - found)} rows {kind}"


def _money(expected: JournalSum, held: JournalSum) -> Iterator[str]:
    want = {(each.account, each.currency): each.minor for each in expected.sums}
    found = {(each.account, each.currency): each.minor for each in held.sums}
    for key in sorted({*want, *found}):
        off = found.get(key, 0) - want.get(key, 0)
        if off:
            yield f"{key[0]} {key[1]} is off by {off}"
