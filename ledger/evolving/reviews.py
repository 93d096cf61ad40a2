"""Review rows: transfers that wait for a reviewer, and their 24 h timer."""

from __future__ import annotations

from ledger.errors import present
from ledger.evolving import timers, wallets
from ledger.view import PartitionView
from schemas.messages.events import ReviewOpened, ReviewResolved
from schemas.messages.rows import ReviewRow
from schemas.messages.vocabulary import TimerKind


def opened(view: PartitionView, event: ReviewOpened) -> None:
    """A transfer waits; its timer rejects it should nobody decide."""
    key = (event.wallet_id, event.review_id)
    view.reviews.put(
        key,
        ReviewRow(
            event.to_wallet_id,
            event.currency,
            event.amount,
            event.fee,
            event.expires_at,
            event.entry,
            event.day,
            event.month,
            event.base_amount,
        ),
    )
    timers.set_timer(view, TimerKind.REVIEW_EXPIRY, event.expires_at, key)
    wallets.counted(view, event.wallet_id, movements=1)


def resolved(view: PartitionView, event: ReviewResolved) -> None:
    """The review ended."""
    key = (event.wallet_id, event.review_id)
    row = present(view.reviews.get(key), "review")
    view.reviews.delete(key)
    timers.drop_timer(view, TimerKind.REVIEW_EXPIRY, row.expires_at, key)
    wallets.counted(view, event.wallet_id, movements=-1)
