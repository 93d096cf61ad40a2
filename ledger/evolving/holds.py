"""Hold rows: what was authorised, captured and released (I5), and the expiry timer.

Owns: hold rows and their timers.
Never: chooses a status; `ledger.holds` is the table, the event carries the result.
"""

from __future__ import annotations

from ledger.errors import present
from ledger.evolving import timers, wallets
from ledger.holds import OPEN, with_increment
from ledger.view import PartitionView, WalletKey
from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
)
from schemas.messages.rows import HoldPart, HoldRow
from schemas.messages.vocabulary import HoldStatus, TimerKind


def placed(view: PartitionView, event: HoldPlaced) -> None:
    """A hold begins."""
    key = (event.wallet_id, event.hold_id)
    view.holds.put(
        key,
        HoldRow(
            event.to_wallet_id,
            event.currency,
            event.amount,
            0,
            0,
            HoldStatus.ACTIVE,
            event.expires_at,
            event.entry,
            event.day,
            event.month,
            event.base_amount,
        ),
    )
    timers.set_timer(view, TimerKind.HOLD_EXPIRY, event.expires_at, key)
    wallets.counted(view, event.wallet_id, holds=1)


def incremented(view: PartitionView, event: HoldIncremented) -> None:
    """More is reserved, under an outflow entry of its own."""
    key = (event.wallet_id, event.hold_id)
    row = present(view.holds.get(key), "hold")
    part = HoldPart(event.amount, event.entry, event.day, event.month, event.base_amount)
    view.holds.put(key, with_increment(row, part))


def extended(view: PartitionView, event: HoldExtended) -> None:
    """Another timer ends it."""
    key = (event.wallet_id, event.hold_id)
    row = present(view.holds.get(key), "hold")
    timers.drop_timer(view, TimerKind.HOLD_EXPIRY, row.expires_at, key)
    timers.set_timer(view, TimerKind.HOLD_EXPIRY, event.expires_at, key)
    view.holds.put(
        key,
        HoldRow(
            row.to_wallet_id,
            row.currency,
            row.authorized,
            row.captured,
            row.released,
            row.status,
            event.expires_at,
            row.entry,
            row.day,
            row.month,
            row.base_amount,
            row.increments,
        ),
    )


def captured(view: PartitionView, event: HoldCaptured) -> None:
    """Part or all of a hold was captured, the rest perhaps released."""
    _changed(view, (event.wallet_id, event.hold_id), event.amount, event.released, event.status)


def released(view: PartitionView, event: HoldReleased) -> None:
    """What remained was released."""
    _changed(view, (event.wallet_id, event.hold_id), 0, event.released, event.status)


def capture_refused(view: PartitionView, key: WalletKey, amount: int) -> None:
    """A capture did not reach its recipient; its amount is released, the status stays."""
    row = present(view.holds.get(key), "hold")
    view.holds.put(key, _with(row, row.captured - amount, row.released + amount, row.status))


def _changed(
    view: PartitionView, key: WalletKey, captured_now: int, released_now: int, status: HoldStatus
) -> None:
    row = present(view.holds.get(key), "hold")
    view.holds.put(
        key, _with(row, row.captured + captured_now, row.released + released_now, status)
    )
    if status not in OPEN:
        timers.drop_timer(view, TimerKind.HOLD_EXPIRY, row.expires_at, key)
        wallets.counted(view, key[0], holds=-1)


def _with(row: HoldRow, captured_in_all: int, released_in_all: int, status: HoldStatus) -> HoldRow:
    return HoldRow(
        row.to_wallet_id,
        row.currency,
        row.authorized,
        captured_in_all,
        released_in_all,
        status,
        row.expires_at,
        row.entry,
        row.day,
        row.month,
        row.base_amount,
        row.increments,
    )
