"""Reference rows: the tables of every store at once, as one Decision changes them.

Owns: the plainest statement of what each Decision means for each table.
Never: speed; this is what the fast writers are compared with.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.messages.decisions import Decision, Event
from schemas.messages.events import (
    HoldCaptured,
    HoldPlaced,
    HoldReleased,
    TierChanged,
    TransferCompensated,
    WalletOpened,
    WalletStatusChanged,
)
from sinks.cassandra.rows import history_of
from sinks.digests import ENTRIES, HISTORY, OUTCOMES, POSTINGS
from sinks.facts import entries_of, outcome_of, postings_of

HOLDS = "holds"
WALLETS = "wallets"

Fields = dict[str, object]
Key = tuple[object, ...]


def appended(decision: Decision) -> Iterator[tuple[str, Key, tuple[object, ...]]]:
    """Yield table, key and row of everything that is only ever added."""
    for outcome in (outcome_of(decision),):
        yield OUTCOMES, outcome[:2], outcome
    for entry in entries_of(decision):
        yield ENTRIES, entry[:3], entry
    for posting in postings_of(decision):
        yield POSTINGS, posting[:4], posting
    for row in history_of(decision):
        yield HISTORY, row[:4], row


def balances(decision: Decision) -> Iterator[tuple[Key, tuple[int, int]]]:
    """Yield key, and balance with its owner's sequence, of every touched account."""
    for after in decision.balances:
        key = (decision.partition, after.account, after.owner, after.currency)
        yield key, (after.minor, after.owner_sequence)


def changed(event: Event, partition: int, at: int) -> tuple[str, Key, Fields] | None:
    """Return table, key and the fields that an event changes in a hold or wallet."""
    if isinstance(event, HoldPlaced):
        return HOLDS, (event.wallet_id, event.hold_id), _placed(event)
    if isinstance(event, HoldCaptured | HoldReleased):
        return HOLDS, (event.wallet_id, event.hold_id), {"status": event.status}
    if isinstance(event, WalletOpened):
        return WALLETS, (event.wallet_id,), _opened(event, partition, at)
    if isinstance(event, WalletStatusChanged):
        blocks = {"debit_blocked": event.debit_blocked, "credit_blocked": event.credit_blocked}
        return WALLETS, (event.wallet_id,), {"status": event.status, **blocks}
    if isinstance(event, TierChanged):
        return WALLETS, (event.wallet_id,), {"status": event.status, "tier": event.tier}
    return None


def step_of(event: Event) -> tuple[Key, tuple[int, int]] | None:
    """Return the hold that an event moves money of: captured and released amounts."""
    if isinstance(event, HoldCaptured):
        return (event.wallet_id, event.hold_id), (event.amount, event.released)
    if isinstance(event, HoldReleased):
        return (event.wallet_id, event.hold_id), (0, event.released)
    if isinstance(event, TransferCompensated) and event.hold_id is not None:
        return (event.from_wallet_id, event.hold_id), (-event.amount, event.amount)
    return None


def _placed(event: HoldPlaced) -> Fields:
    return {
        "to_wallet_id": event.to_wallet_id,
        "currency": event.currency,
        "authorized": event.amount,
        "status": "ACTIVE",
        "expires_at": event.expires_at,
    }


def _opened(event: WalletOpened, partition: int, at: int) -> Fields:
    return {
        "partition": partition,
        "kind": event.kind,
        "tier": event.tier,
        "status": event.status,
        "debit_blocked": False,
        "credit_blocked": False,
        "opened_at": at,
    }
