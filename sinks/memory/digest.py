"""Digest of the memory: what the reference holds, boiled down per partition.

Never: repairs anything.
"""

from __future__ import annotations

from sinks.digests import (
    BALANCES,
    ENTRIES,
    HISTORY,
    HOLDS,
    OUTCOMES,
    POSTINGS,
    TRANSACTION_STEPS,
    TRANSACTIONS,
    Digest,
    digest_of,
)
from sinks.memory.sink import MemoryStore

PARTITION_AT = {OUTCOMES: 0, ENTRIES: 0, POSTINGS: 0, TRANSACTION_STEPS: 0, HISTORY: 3}


def digest(store: MemoryStore, partition: int) -> dict[str, Digest]:
    """Return the digest of every view of one partition."""
    found = {
        view: digest_of(row for row in store.rows[view].values() if row[at] == partition)
        for view, at in PARTITION_AT.items()
    }
    held = store.balances.items()
    found[BALANCES] = digest_of((*key, *value) for key, value in held if key[0] == partition)
    found[HOLDS] = digest_of(hold for hold in store.holds() if hold.partition == partition)
    found[TRANSACTIONS] = digest_of(each for each in store.transactions() if each[0] == partition)
    return found
