"""Evolve: the only way rows change, apart from balances.

Owns: the dispatch of events to `ledger.evolving`, and which wallets an event is about.
Never: has rules, refuses, computes a result: events carry results, so a later rule change never
changes history. Replay of the log runs exactly this.
"""

from __future__ import annotations

from typing import assert_never

from ledger.evolving import controls, holds, pairs, reviews, sagas, spending, wallets
from ledger.view import PartitionView
from schemas.messages.decisions import Event
from schemas.messages.events import (
    AttemptCounted,
    HoldCaptured,
    HoldPlaced,
    HoldReleased,
    InflowConsumed,
    LegReceived,
    LegSent,
    OutflowConsumed,
    OutflowGivenBack,
    PolicyActivated,
    ReviewOpened,
    ReviewResolved,
    RulesetActivated,
    TierChanged,
    ToppedUp,
    TransferCancelAsked,
    TransferCompensated,
    TransferCompleted,
    TransferCredited,
    TransferDebited,
    TransferSettled,
    WalletOpened,
    WalletStatusChanged,
)


def evolve(view: PartitionView, event: Event, at: int) -> None:
    """Change the rows that an event is about."""
    if isinstance(event, (TransferCompleted, TransferCredited)):
        return  # postings only
    if isinstance(event, (OutflowConsumed, AttemptCounted, OutflowGivenBack, InflowConsumed)):
        _evolve_limits(view, event, at)
    elif isinstance(event, LegSent):
        pairs.sent(view, event.leg)
    elif isinstance(event, LegReceived):
        pairs.received(view, event)
    elif isinstance(
        event, (TransferDebited, TransferSettled, TransferCompensated, TransferCancelAsked)
    ):
        _evolve_saga(view, event)
    elif isinstance(event, (HoldPlaced, HoldCaptured, HoldReleased, ReviewOpened, ReviewResolved)):
        _evolve_reservation(view, event)
    elif isinstance(event, (PolicyActivated, RulesetActivated)):
        controls.activated(view, event)
    else:
        _evolve_wallet(view, event, at)


def wallets_of(event: Event) -> tuple[str, ...]:
    """Return the wallets of this partition that an event is about."""
    # Classes named in place are compared as pointers when compiled; a tuple of them is searched.
    if isinstance(event, TransferCompleted):
        return (event.from_wallet_id, event.to_wallet_id)
    if isinstance(event, TransferCredited):
        return (event.to_wallet_id,)
    if isinstance(
        event, (TransferDebited, TransferSettled, TransferCompensated, TransferCancelAsked)
    ):
        return (event.from_wallet_id,)
    if isinstance(event, (LegSent, LegReceived, PolicyActivated, RulesetActivated)):
        return ()
    return (event.wallet_id,)


def _evolve_limits(
    view: PartitionView,
    event: OutflowConsumed | AttemptCounted | OutflowGivenBack | InflowConsumed,
    at: int,
) -> None:
    if isinstance(event, OutflowConsumed):
        spending.consumed(view, event, at)
    elif isinstance(event, InflowConsumed):
        spending.received(view, event)
    elif isinstance(event, AttemptCounted):
        spending.attempted(view, event, at)
    else:
        spending.given_back(view, event)


def _evolve_saga(
    view: PartitionView,
    event: TransferDebited | TransferSettled | TransferCompensated | TransferCancelAsked,
) -> None:
    if isinstance(event, TransferDebited):
        sagas.debited(view, event)
    elif isinstance(event, TransferSettled):
        sagas.settled(view, event)
    elif isinstance(event, TransferCompensated):
        sagas.compensated(view, event)
    else:
        sagas.cancel_asked(view, event)


def _evolve_reservation(
    view: PartitionView,
    event: HoldPlaced | HoldCaptured | HoldReleased | ReviewOpened | ReviewResolved,
) -> None:
    if isinstance(event, HoldPlaced):
        holds.placed(view, event)
    elif isinstance(event, HoldCaptured):
        holds.captured(view, event)
    elif isinstance(event, HoldReleased):
        holds.released(view, event)
    elif isinstance(event, ReviewOpened):
        reviews.opened(view, event)
    else:
        reviews.resolved(view, event)


def _evolve_wallet(
    view: PartitionView,
    event: WalletOpened | WalletStatusChanged | TierChanged | ToppedUp,
    at: int,
) -> None:
    if isinstance(event, WalletOpened):
        wallets.opened(view, event, at)
    elif isinstance(event, WalletStatusChanged):
        wallets.status_changed(view, event)
    elif isinstance(event, TierChanged):
        wallets.tier_changed(view, event)
    elif isinstance(event, ToppedUp):
        wallets.topped_up(view, event)
    else:
        assert_never(event)
