"""Counters: what an owner's tables count of each wallet.

Owns: which rows of a wallet are read, and that no wallet is left out.
Never: judges a figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ops.checker.state import rows_under
from schemas.codec import decode
from schemas.messages.rows import (
    InflowRow,
    OutflowDaysRow,
    OutflowEntryRow,
    OutflowRow,
    ProfileRow,
)
from streams.reconciliation.rounds import ri12_limits
from streams.reconciliation.rounds.ri12_limits import Counter
from streams.runtime.ports import Store
from streams.wallet.tables import INFLOWS, OUTFLOW_DAYS, OUTFLOW_ENTRIES, OUTFLOWS, PROFILES

COUNTING: Final = (OUTFLOWS, OUTFLOW_ENTRIES, OUTFLOW_DAYS, INFLOWS, PROFILES)
NUMBER: Final = 8  # bytes of an attempt's number, behind the wallet
ATTEMPTS_MAX: Final = 100_000  # the policy allows far fewer in 24 hours


def wallets_in(store: Store) -> set[str]:
    """Return every wallet of which something is counted."""
    prefixes = (spec.prefix for spec in COUNTING)
    keys = (key for prefix in prefixes for key, _ in rows_under(store, prefix))
    return {key[1:].split(b"\0", 1)[0].decode() for key in keys}


def held_counters(store: Store, wallet_id: str) -> dict[str, Counter]:
    """Return what the tables count of a wallet."""
    key = wallet_id.encode()
    found = ri12_limits.attempts(list(_attempts(store, key)))
    if row := store.get(OUTFLOWS.prefix + key):
        found |= ri12_limits.outgoing(decode(OutflowRow, row))
    if row := store.get(OUTFLOW_DAYS.prefix + key):
        found |= ri12_limits.days_before(decode(OutflowDaysRow, row))
    if row := store.get(INFLOWS.prefix + key):
        found |= ri12_limits.incoming(decode(InflowRow, row))
    if row := store.get(PROFILES.prefix + key):
        found |= ri12_limits.unauthenticated(decode(ProfileRow, row))
    return found


def _attempts(store: Store, key: bytes) -> Iterator[tuple[int, OutflowEntryRow]]:
    begin = OUTFLOW_ENTRIES.prefix + key
    # Ids hold no NUL, so all keys that go on with one are this wallet's.
    for found, row in store.scan(begin + b"\0", begin + b"\1", ATTEMPTS_MAX):
        yield int.from_bytes(found[-NUMBER:], "big"), decode(OutflowEntryRow, row)
