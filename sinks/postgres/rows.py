"""Journal rows: what a batch of Decisions adds to the tables, and which rows it changes.

Owns: the rows of the append-only tables in column order; the last change of a hold, wallet or
transaction.
Never: I/O; sums. What a hold is worth now is added up by its reader, from the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from ledger.facts import (
    HOLD_EVENTS,
    BalanceKey,
    HoldEvent,
    HoldKey,
    TransactionKey,
    columns_of,
    fold_balances,
    hold_of,
    moved_by,
    said_of,
    source_of,
)
from ledger.text import bounded
from schemas.messages.decisions import Decision
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    TierChanged,
    TransactionMoved,
    TransferCompensated,
    WalletOpened,
    WalletStatusChanged,
)

Row = tuple[object, ...]
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEVER_EXPIRES: Final = 0
NO_TIMER: Final = 0
OPENED: Final = slice(-4, -2)  # of a transaction: when it began, before when it changed

_WalletEvent = WalletOpened | WalletStatusChanged | TierChanged
_WALLET_EVENTS: Final = (WalletOpened, WalletStatusChanged, TierChanged)
_FOLLOWED: Final = frozenset((*HOLD_EVENTS, *_WALLET_EVENTS, TransactionMoved))


class JournalRows:
    """The rows of one batch."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self.outcomes: list[Row] = []
        self.entries: list[Row] = []
        self.postings: list[Row] = []
        self.hold_steps: list[Row] = []
        self.holds_placed: dict[HoldKey, Row] = {}
        self.hold_changes: dict[HoldKey, HoldChange] = {}
        self.transaction_steps: list[Row] = []
        self.transactions: dict[TransactionKey, Row] = {}
        self.wallets_opened: dict[str, Row] = {}
        self.wallet_changes: dict[str, WalletChange] = {}
        self.balances: dict[BalanceKey, tuple[int, int]] = fold_balances(decisions)
        for decision in decisions:
            self._add(decision)

    def _add(self, decision: Decision) -> None:
        partition, sequence = decision.partition, decision.sequence
        at = instant(decision.decided_at)
        self.outcomes.append(_outcome(decision, at))
        for entry in decision.entries:
            index = entry.index
            self.entries.append((partition, sequence, index, entry.flow, at))
            self.postings += [
                (
                    partition,
                    sequence,
                    index,
                    n,
                    line.account,
                    line.owner,
                    line.currency,
                    line.amount,
                )
                for n, line in enumerate(entry.postings)
            ]
        for step, event in enumerate(decision.events):
            if type(event) not in _FOLLOWED:  # most events of most Decisions
                continue
            if isinstance(event, HOLD_EVENTS):
                self._add_hold(event, partition, sequence, step)
            elif isinstance(event, TransactionMoved):
                self._add_transaction(event, decision, at, step)
            elif isinstance(event, _WALLET_EVENTS):
                self._add_wallet(event, partition, at)

    def _add_hold(self, event: HoldEvent, partition: int, sequence: int, step: int) -> None:
        key = hold_of(event)
        if key is None:
            return
        if isinstance(event, HoldPlaced):
            self.holds_placed[key] = (
                *key,
                partition,
                sequence,
                event.to_wallet_id,
                event.currency,
                event.amount,
                _expiry(event.expires_at),
            )
            return
        moved = moved_by(event)
        if moved is not None:
            self.hold_steps.append((partition, sequence, step, *key, *moved))
        if not isinstance(event, (HoldIncremented, TransferCompensated)):
            self.hold_changes.setdefault(key, HoldChange()).take(event)

    def _add_transaction(
        self, event: TransactionMoved, decision: Decision, at: datetime, step: int
    ) -> None:
        sequence, row = decision.sequence, event.row
        key = (event.wallet_id, event.transaction_id)
        words = (row.kind, event.before, row.state, bounded(event.reason), bounded(event.actor))
        self.transaction_steps.append((decision.partition, sequence, step, *key, *words, at))
        earlier = self.transactions.get(key)
        opened = (sequence, at) if earlier is None else earlier[OPENED]
        columns, due = columns_of(row), row.due
        ends = (None if due == NO_TIMER else instant(abs(due)), due < 0)
        self.transactions[key] = (*key, *columns[:-1], *ends, *opened, sequence, at)

    def _add_wallet(self, event: _WalletEvent, partition: int, at: datetime) -> None:
        if isinstance(event, WalletOpened):
            self.wallets_opened[event.wallet_id] = (event.wallet_id, partition, event.kind, at)
        change = self.wallet_changes.setdefault(event.wallet_id, WalletChange())
        change.take(event)


class HoldChange:
    """The last word of a batch on a hold; None where it says nothing."""

    __slots__ = ("expires_at", "extended", "status")

    def __init__(self) -> None:
        self.status: str | None = None
        self.extended = False  # an end taken away is a word too
        self.expires_at: datetime | None = None

    def take(self, event: HoldExtended | HoldCaptured | HoldReleased) -> None:
        """Follow one event."""
        if isinstance(event, HoldExtended):
            self.extended, self.expires_at = True, _expiry(event.expires_at)
        else:
            self.status = str(event.status)


class WalletChange:
    """The last word of a batch on a wallet; None where it says nothing."""

    __slots__ = ("credit_blocked", "debit_blocked", "status", "tier")

    def __init__(self) -> None:
        self.tier: str | None = None
        self.status: str | None = None
        self.debit_blocked: bool | None = None
        self.credit_blocked: bool | None = None

    def take(self, event: _WalletEvent) -> None:
        """Follow one event."""
        self.status = event.status
        if isinstance(event, WalletStatusChanged):
            self.debit_blocked, self.credit_blocked = event.debit_blocked, event.credit_blocked
        elif isinstance(event, WalletOpened):
            self.tier, self.debit_blocked, self.credit_blocked = event.tier, False, False
        elif isinstance(event, TierChanged):
            self.tier = event.tier
        else:
            assert_never(event)


def instant(micros: int) -> datetime:
    """Return the time as the database wants it."""
    return EPOCH + timedelta(microseconds=micros)


def micros_of(at: datetime) -> int:
    """Return a time of the database as microseconds since the epoch."""
    return (at - EPOCH) // timedelta(microseconds=1)


def _expiry(micros: int) -> datetime | None:
    return None if micros == NEVER_EXPIRES else instant(micros)


def _outcome(decision: Decision, at: datetime) -> Row:
    source, offset = source_of(decision.source)
    return (
        decision.partition,
        decision.sequence,
        at,
        source,
        offset,
        bounded(decision.wallet_id),
        bounded(decision.command_id),
        said_of(decision),
        decision.reason,
        bounded(decision.detail),
        decision.stage,
        decision.duplicate_of,
    )
