"""Journal rows: what a batch of Decisions adds to the tables, and which rows it changes.

Owns: the rows of the append-only tables in column order; the last change of a hold or wallet.
Never: I/O; sums. What a hold captured so far is added up by its reader, from the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from schemas.messages.decisions import Decision
from schemas.messages.events import (
    HoldCaptured,
    HoldPlaced,
    HoldReleased,
    TierChanged,
    TransferCompensated,
    WalletOpened,
    WalletStatusChanged,
)
from sinks.facts import BalanceKey, fold_balances, said_of, source_of
from sinks.text import bounded

Row = tuple[object, ...]
HoldKey = tuple[str, str]  # wallet, hold

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEVER_EXPIRES: Final = 0

_HoldEvent = HoldPlaced | HoldCaptured | HoldReleased | TransferCompensated
_WalletEvent = WalletOpened | WalletStatusChanged | TierChanged
_HOLD_EVENTS: Final = (HoldPlaced, HoldCaptured, HoldReleased, TransferCompensated)
_WALLET_EVENTS: Final = (WalletOpened, WalletStatusChanged, TierChanged)


class JournalRows:
    """The rows of one batch."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self.outcomes: list[Row] = []
        self.entries: list[Row] = []
        self.postings: list[Row] = []
        self.hold_steps: list[Row] = []
        self.holds_placed: dict[HoldKey, Row] = {}
        self.hold_status: dict[HoldKey, str] = {}
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
            if isinstance(event, _HOLD_EVENTS):
                self._add_hold(event, partition, sequence, step)
            elif isinstance(event, _WALLET_EVENTS):
                self._add_wallet(event, partition, at)

    def _add_hold(self, event: _HoldEvent, partition: int, sequence: int, step: int) -> None:
        if isinstance(event, HoldPlaced):
            key = (event.wallet_id, event.hold_id)
            expires = instant(event.expires_at) if event.expires_at != NEVER_EXPIRES else None
            self.holds_placed[key] = (
                event.wallet_id,
                event.hold_id,
                partition,
                sequence,
                event.to_wallet_id,
                event.currency,
                event.amount,
                expires,
            )
            self.hold_status[key] = "ACTIVE"
            return
        if isinstance(event, TransferCompensated):
            if event.hold_id is not None:  # a refused capture: captured goes back to released
                moved = (event.from_wallet_id, event.hold_id, -event.amount, event.amount)
                self.hold_steps.append((partition, sequence, step, *moved))
            return
        captured = event.amount if isinstance(event, HoldCaptured) else 0
        moved = (event.wallet_id, event.hold_id, captured, event.released)
        self.hold_steps.append((partition, sequence, step, *moved))
        self.hold_status[event.wallet_id, event.hold_id] = event.status

    def _add_wallet(self, event: _WalletEvent, partition: int, at: datetime) -> None:
        if isinstance(event, WalletOpened):
            self.wallets_opened[event.wallet_id] = (event.wallet_id, partition, event.kind, at)
        change = self.wallet_changes.setdefault(event.wallet_id, WalletChange())
        change.take(event)


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
