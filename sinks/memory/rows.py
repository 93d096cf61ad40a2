"""Reference rows: the tables of every store at once, as one Decision changes them.

Owns: the plainest statement of what each Decision means for each table.
Never: speed; this is what the fast writers are compared with.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.facts import (
    HOLD_EVENTS,
    columns_of,
    entries_of,
    hold_of,
    moved_by,
    outcome_of,
    postings_of,
    transaction_steps_of,
)
from ledger.history import history_of
from schemas.messages.decisions import Decision, Event
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldPlaced,
    HoldReleased,
    TierChanged,
    TransactionMoved,
    WalletOpened,
    WalletStatusChanged,
)
from sinks.digests import (
    ENTRIES,
    HISTORY,
    HOLDS,
    OUTCOMES,
    POSTINGS,
    TRANSACTION_STEPS,
    TRANSACTIONS,
)

WALLETS = "wallets"

Fields = dict[str, object]
Key = tuple[object, ...]
Step = tuple[int, int, int]  # what is added to authorized, captured and released


def appended(decision: Decision) -> Iterator[tuple[str, Key, tuple[object, ...]]]:
    """Yield table, key and row of everything that is only ever added."""
    for outcome in (outcome_of(decision),):
        yield OUTCOMES, outcome[:2], outcome
    for entry in entries_of(decision):
        yield ENTRIES, entry[:3], entry
    for posting in postings_of(decision):
        yield POSTINGS, posting[:4], posting
    for step in transaction_steps_of(decision):
        yield TRANSACTION_STEPS, step[:3], step
    for row in history_of(decision):
        yield HISTORY, row[:4], row


def balances(decision: Decision) -> Iterator[tuple[Key, tuple[int, int]]]:
    """Yield key, and balance with its owner's sequence, of every touched account."""
    for after in decision.balances:
        key = (decision.partition, after.account, after.owner, after.currency)
        yield key, (after.minor, after.owner_sequence)


def changed(event: Event, decision: Decision) -> tuple[str, Key, Fields] | None:
    """Return table, key and the fields that an event changes in a row that stays."""
    if isinstance(event, TransactionMoved):
        return TRANSACTIONS, (event.wallet_id, event.transaction_id), _moved(event, decision)
    if isinstance(event, HoldPlaced | HoldExtended | HoldCaptured | HoldReleased):
        return HOLDS, (event.wallet_id, event.hold_id), _held(event, decision)
    return _of_wallet(event, decision)


def _of_wallet(event: Event, decision: Decision) -> tuple[str, Key, Fields] | None:
    if isinstance(event, WalletOpened):
        return WALLETS, (event.wallet_id,), _opened(event, decision)
    if isinstance(event, WalletStatusChanged):
        blocks = {"debit_blocked": event.debit_blocked, "credit_blocked": event.credit_blocked}
        return WALLETS, (event.wallet_id,), {"status": event.status, **blocks}
    if isinstance(event, TierChanged):
        return WALLETS, (event.wallet_id,), {"status": event.status, "tier": event.tier}
    return None


def born(table: str, decision: Decision) -> Fields:
    """Return what a new row keeps for ever of the Decision that began it."""
    return {"opened": (decision.sequence, decision.decided_at)} if table == TRANSACTIONS else {}


def step_of(event: Event) -> tuple[Key, Step] | None:
    """Return the hold whose amounts an event changes, and what it adds to each."""
    if not isinstance(event, HOLD_EVENTS):
        return None
    key = hold_of(event)
    moved = (event.amount, 0, 0) if isinstance(event, HoldPlaced) else moved_by(event)
    return None if key is None or moved is None else (key, moved)


def _held(
    event: HoldPlaced | HoldExtended | HoldCaptured | HoldReleased, decision: Decision
) -> Fields:
    if isinstance(event, HoldExtended):
        return {"expires_at": event.expires_at}
    if not isinstance(event, HoldPlaced):
        return {"status": event.status}
    return {
        "partition": decision.partition,
        "sequence": decision.sequence,
        "to_wallet_id": event.to_wallet_id,
        "currency": event.currency,
        "status": "ACTIVE",
        "expires_at": event.expires_at,
    }


def _moved(event: TransactionMoved, decision: Decision) -> Fields:
    at = (decision.sequence, decision.decided_at)
    return {"partition": decision.partition, "said": columns_of(event.row), "changed": at}


def _opened(event: WalletOpened, decision: Decision) -> Fields:
    return {
        "partition": decision.partition,
        "kind": event.kind,
        "tier": event.tier,
        "status": event.status,
        "debit_blocked": False,
        "credit_blocked": False,
        "opened_at": decision.decided_at,
    }
