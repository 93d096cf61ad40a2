"""Changes: what one event says of a life, as columns.

Owns: the words of `wallet.transactions.v1`: things, directions, states of transfers.
Never: looks at another event; its caller knows what came before.

A transaction goes by the table of its kind and a hold by its own (`docs/lifecycles.md`). A transfer
goes PENDING while it is reviewed, PROCESSING while it travels to another partition, and ends
COMPLETED, FAILED or EXPIRED; its payee's side has an end only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from schemas.messages.events import (
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    ReviewOpened,
    ReviewResolved,
    ToppedUp,
    TransactionMoved,
    TransferCompensated,
    TransferCompleted,
    TransferCredited,
    TransferDebited,
    TransferSettled,
)
from schemas.messages.facts import TravellingRow
from schemas.messages.vocabulary import HoldStatus, ReviewVerdict, TransactionKind, TransactionState
from streams.publish.stamped import said

TRANSACTION: Final = "TRANSACTION"
TRANSFER: Final = "TRANSFER"
HOLD: Final = "HOLD"
TOP_UP: Final = "TOP_UP"
IN: Final = "IN"
OUT: Final = "OUT"
TIMER: Final = "timer"  # the reviewer of a review that nobody resolved in time

PENDING: Final = str(TransactionState.PENDING)
PROCESSING: Final = str(TransactionState.PROCESSING)
COMPLETED: Final = str(TransactionState.COMPLETED)
FAILED: Final = str(TransactionState.FAILED)
EXPIRED: Final = str(TransactionState.EXPIRED)


class Change(NamedTuple):
    """One change, before it knows its place; a column that does not apply is None."""

    wallet_id: str
    thing: str
    transaction_id: str
    kind: str | None = None
    direction: str | None = None
    before: str | None = None
    state: str | None = None
    currency: str | None = None
    amount: int | None = None
    fee: int | None = None
    done: int | None = None
    refunded: int | None = None
    released: int | None = None
    counterparty: str | None = None
    rail: str | None = None
    reference: str | None = None
    hold_id: str | None = None
    reason: str | None = None
    actor: str | None = None
    due: int | None = None


def moved(event: TransactionMoved) -> Change:
    """A transaction went a step."""
    row = event.row
    return Change(
        event.wallet_id,
        TRANSACTION,
        event.transaction_id,
        kind=str(row.kind),
        before=str(event.before),
        state=str(row.state),
        currency=said(row.currency),
        amount=row.amount,
        fee=row.fee,
        done=row.done,
        refunded=row.refunded,
        counterparty=said(row.counterparty),
        rail=said(row.rail),
        reference=said(row.reference),
        reason=said(event.reason),
        actor=said(event.actor),
        due=abs(row.due) or None,  # below 0 it sleeps, and wakes up with that time
    )


def topped_up(event: ToppedUp) -> Change:
    """Money came in by card: its only change."""
    return Change(
        event.wallet_id,
        TOP_UP,
        event.top_up_id,
        kind=str(TransactionKind.TOPUP_CARD),
        direction=IN,
        state=COMPLETED,
        currency=event.currency,
        amount=event.amount,
        fee=event.fee,
        rail=event.rail,
        reference=said(event.ext_ref),
    )


def reviewed(event: ReviewOpened | ReviewResolved) -> Change:
    """A transfer waits for a reviewer, or no longer; approved, it goes on by its next event."""
    to = (event.wallet_id, TRANSFER, event.review_id)
    if isinstance(event, ReviewOpened):
        return Change(
            *to,
            direction=OUT,
            state=PENDING,
            currency=event.currency,
            amount=event.amount,
            fee=event.fee,
            counterparty=event.to_wallet_id,
            due=event.expires_at,
        )
    ended = EXPIRED if event.reviewer == TIMER else FAILED
    return Change(
        *to,
        direction=OUT,
        before=PENDING,
        state=None if event.verdict is ReviewVerdict.APPROVE else ended,
        currency=event.currency,
        amount=event.amount,
        fee=event.fee,
        reason=str(event.verdict),
        actor=event.reviewer,
    )


def left(event: TransferCompleted | TransferDebited, *, after_review: bool) -> Change:
    """Money left its payer: it is there, or it travels."""
    travels = isinstance(event, TransferDebited)
    return Change(
        event.from_wallet_id,
        TRANSFER,
        event.transfer_id,
        kind=str(event.purpose),
        direction=OUT,
        before=PENDING if after_review else None,
        state=PROCESSING if travels else COMPLETED,
        currency=event.currency,
        amount=event.amount,
        fee=event.fee,
        counterparty=event.to_wallet_id,
        hold_id=event.hold_id if isinstance(event, TransferDebited) else None,
    )


def arrived(event: TransferCompleted | TransferCredited) -> Change:
    """Money reached its payee."""
    return Change(
        event.to_wallet_id,
        TRANSFER,
        event.transfer_id,
        kind=str(event.purpose),
        direction=IN,
        state=COMPLETED,
        currency=event.currency,
        amount=event.amount,
        counterparty=event.from_wallet_id,
    )


def settled(event: TransferSettled, began: TravellingRow) -> Change:
    """The payee's partition accepted."""
    return Change(
        event.from_wallet_id,
        TRANSFER,
        event.transfer_id,
        kind=str(began.purpose),
        direction=OUT,
        before=PROCESSING,
        state=COMPLETED,
        currency=event.currency,
        amount=began.amount,
        fee=event.fee,
        counterparty=began.to_wallet_id,
        hold_id=began.hold_id,
    )


def came_back(event: TransferCompensated, began: TravellingRow) -> Iterator[Change]:
    """The payee's partition refused: the transfer failed, and a hold has its money no longer."""
    yield Change(
        event.from_wallet_id,
        TRANSFER,
        event.transfer_id,
        kind=str(event.purpose),
        direction=OUT,
        before=PROCESSING,
        state=FAILED,
        currency=event.currency,
        amount=event.amount,
        fee=event.fee,
        counterparty=began.to_wallet_id,
        hold_id=event.hold_id,
        reason=str(event.reason),
    )
    if event.hold_id is not None:
        yield Change(
            event.from_wallet_id,
            HOLD,
            event.hold_id,
            currency=event.currency,
            amount=-event.amount,
            released=event.amount,
            reason=str(event.reason),
        )


def reserved(event: HoldPlaced | HoldIncremented | HoldExtended) -> Change:
    """Money is reserved, more of it, or for longer."""
    to = (event.wallet_id, HOLD, event.hold_id)
    if isinstance(event, HoldExtended):
        return Change(*to, due=event.expires_at or None)
    if isinstance(event, HoldIncremented):
        return Change(*to, currency=event.currency, amount=event.amount)
    return Change(
        *to,
        state=str(HoldStatus.ACTIVE),
        currency=event.currency,
        amount=event.amount,
        counterparty=event.to_wallet_id,
        due=event.expires_at or None,
    )


def freed(event: HoldCaptured | HoldReleased) -> Change:
    """Reserved money was captured or is available again."""
    return Change(
        event.wallet_id,
        HOLD,
        event.hold_id,
        state=str(event.status),
        currency=event.currency,
        amount=event.amount if isinstance(event, HoldCaptured) else None,
        released=event.released,
    )
