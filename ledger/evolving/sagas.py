"""Saga rows: open transfers to other partitions, with their timers.

Owns: saga rows, their timers, and what a final answer does to a captured hold.
Never: postings; numbers of legs (`ledger.evolving.pairs`).
"""

from __future__ import annotations

from ledger.errors import present
from ledger.evolving import holds, pairs, timers, wallets
from ledger.view import PartitionView
from schemas.messages.events import (
    TransferCancelAsked,
    TransferCompensated,
    TransferDebited,
    TransferSettled,
)
from schemas.messages.rows import SagaRow
from schemas.messages.vocabulary import SagaState, TimerKind


def debited(view: PartitionView, event: TransferDebited) -> None:
    """A transfer is on its way; its timer asks for it should no answer come."""
    key = (event.from_wallet_id, event.transfer_id)
    view.sagas.put(
        key,
        SagaRow(
            event.purpose,
            event.to_wallet_id,
            event.to_partition,
            event.currency,
            event.amount,
            event.fee,
            event.hold_id,
            SagaState.DEBITED,
            event.credit_seq,
            0,
            event.cancel_due,
            event.entry,
            event.base_amount,
            event.day,
            event.month,
            event.about,
        ),
    )
    timers.set_timer(view, TimerKind.SAGA_CANCEL, event.cancel_due, key)
    wallets.counted(view, event.from_wallet_id, movements=1)


def settled(view: PartitionView, event: TransferSettled) -> None:
    """The recipient has the money: nothing stays open."""
    _ended(view, (event.from_wallet_id, event.transfer_id))
    pairs.credit_ended(view, event.to_partition, event.credit_seq)


def compensated(view: PartitionView, event: TransferCompensated) -> None:
    """The recipient refused; of a hold the amount was released, not captured."""
    _ended(view, (event.from_wallet_id, event.transfer_id))
    pairs.credit_ended(view, event.to_partition, event.credit_seq)
    if event.hold_id is not None:
        holds.capture_refused(view, (event.from_wallet_id, event.hold_id), event.amount)


def cancel_asked(view: PartitionView, event: TransferCancelAsked) -> None:
    """The question was asked again, or will not be any more."""
    key = (event.from_wallet_id, event.transfer_id)
    row = present(view.sagas.get(key), "saga")
    view.sagas.put(
        key,
        SagaRow(
            row.purpose,
            row.to_wallet_id,
            row.to_partition,
            row.currency,
            row.amount,
            row.fee,
            row.hold_id,
            event.state,
            row.credit_seq,
            event.attempts,
            event.next_due,
            row.entry,
            row.base_amount,
            row.day,
            row.month,
            row.about,
        ),
    )
    timers.drop_timer(view, TimerKind.SAGA_CANCEL, event.due, key)
    timers.set_timer(view, TimerKind.SAGA_CANCEL, event.next_due, key)


def _ended(view: PartitionView, key: tuple[str, str]) -> None:
    row = present(view.sagas.get(key), "saga")
    view.sagas.delete(key)
    timers.drop_timer(view, TimerKind.SAGA_CANCEL, row.due, key)
    wallets.counted(view, key[0], movements=-1)
