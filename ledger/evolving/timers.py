"""Timer rows: what wakes a hold, a review or a saga; due 0 means none."""

from __future__ import annotations

from ledger.view import PartitionView, WalletKey
from schemas.messages.rows import TimerRow
from schemas.messages.vocabulary import TimerKind


def set_timer(view: PartitionView, kind: TimerKind, due: int, key: WalletKey) -> None:
    """Add a timer for (wallet id, hold, review or transfer id)."""
    if due > 0:
        view.timers.put((due, kind.index, *key), TimerRow(kind, due, *key))


def drop_timer(view: PartitionView, kind: TimerKind, due: int, key: WalletKey) -> None:
    """Remove a timer."""
    if due > 0:
        view.timers.delete((due, kind.index, *key))
