"""Transaction rows: where each transaction stands, its timer, and what a wallet has under way."""

from __future__ import annotations

from ledger.evolving import timers, wallets
from ledger.lifecycle import UNDER_WAY
from ledger.view import PartitionView
from schemas.messages.events import TransactionMoved
from schemas.messages.vocabulary import TimerKind


def moved(view: PartitionView, event: TransactionMoved) -> None:
    """The event carries the whole row; only timer and counter depend on the one before."""
    key = (event.wallet_id, event.transaction_id)
    before = view.transactions.get(key)
    row = event.row
    view.transactions.put(key, row)
    if before is not None and before.due != row.due:
        timers.drop_timer(view, TimerKind.TRANSACTION_DUE, before.due, key)
    if before is None or before.due != row.due:
        timers.set_timer(view, TimerKind.TRANSACTION_DUE, row.due, key)
    was_open = before is not None and before.state in UNDER_WAY
    is_open = row.state in UNDER_WAY
    if was_open != is_open:
        wallets.counted(view, event.wallet_id, movements=1 if is_open else -1)
