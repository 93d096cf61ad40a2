"""Evolve: the only way rows change, apart from balances.

Owns: the dispatch of events to `ledger.evolving`, and which wallets an event is about.
Never: has rules, refuses, computes a result: events carry results, so a later rule change never
changes history. Replay of the log runs exactly this.
"""

from __future__ import annotations

from ledger.chart import WALLET_ACCOUNTS
from ledger.evolving import (
    controls,
    families,
    holds,
    pairs,
    receiving,
    reviews,
    sagas,
    spending,
    transactions,
    wallets,
)
from ledger.view import PartitionView
from schemas.messages.decisions import Event
from schemas.messages.events import (
    ActRecorded,
    AdjustmentRecorded,
    AttemptCounted,
    CreditLimitChanged,
    CutTaken,
    EntryPosted,
    EvidenceSubmitted,
    HoldCaptured,
    HoldExtended,
    HoldIncremented,
    HoldPlaced,
    HoldReleased,
    InflowConsumed,
    InflowGivenBack,
    InterestMoved,
    LegReceived,
    LegSent,
    LienMoved,
    MerchantTermsSet,
    OutflowConsumed,
    OutflowGivenBack,
    PolicyActivated,
    QuoteTaken,
    RatesSet,
    ReferenceTaken,
    ReviewOpened,
    ReviewResolved,
    RiskFlagged,
    RulesetActivated,
    ScheduleMoved,
    StandingMoved,
    SuspendedSaleMoved,
    TierChanged,
    ToppedUp,
    TopUpChargedBack,
    TransactionMoved,
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
    if isinstance(event, (TransferCompleted, TransferCredited, EntryPosted)):
        return  # postings only
    if isinstance(event, (OutflowConsumed, AttemptCounted, OutflowGivenBack, InflowConsumed)):
        _evolve_limits(view, event, at)
    elif isinstance(event, (LegSent, LegReceived)):
        _evolve_pair(view, event)
    elif isinstance(
        event, (TransferDebited, TransferSettled, TransferCompensated, TransferCancelAsked)
    ):
        _evolve_saga(view, event)
    elif isinstance(event, (HoldPlaced, HoldCaptured, HoldReleased)):
        _evolve_hold(view, event)
    elif isinstance(event, (PolicyActivated, RulesetActivated, RatesSet, CutTaken, ActRecorded)):
        controls.activated(view, event)
    elif isinstance(event, TransactionMoved):
        transactions.moved(view, event)
    else:
        _evolve_seldom(view, event, at)


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
    if isinstance(
        event,
        (
            LegSent,
            LegReceived,
            PolicyActivated,
            RulesetActivated,
            RatesSet,
            SuspendedSaleMoved,
            CutTaken,
            RiskFlagged,
            ActRecorded,
        ),
    ):
        return ()
    if isinstance(event, EntryPosted):
        return _wallets_posted(event)
    return (event.wallet_id,)


def _wallets_posted(event: EntryPosted) -> tuple[str, ...]:
    found = {event.wallet_id: None} if event.wallet_id else {}
    for posting in event.postings:
        if posting.account in WALLET_ACCOUNTS:
            found[posting.owner] = None
    return tuple(found)


def _evolve_limits(
    view: PartitionView,
    event: OutflowConsumed | AttemptCounted | OutflowGivenBack | InflowConsumed,
    at: int,
) -> None:
    if isinstance(event, OutflowConsumed):
        spending.consumed(view, event, at)
    elif isinstance(event, InflowConsumed):
        receiving.received(view, event, at)
    elif isinstance(event, AttemptCounted):
        spending.attempted(view, event, at)
    else:
        spending.given_back(view, event)


def _evolve_pair(view: PartitionView, event: LegSent | LegReceived) -> None:
    if isinstance(event, LegSent):
        pairs.sent(view, event.leg)
    else:
        pairs.received(view, event)


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


def _evolve_hold(view: PartitionView, event: HoldPlaced | HoldCaptured | HoldReleased) -> None:
    if isinstance(event, HoldPlaced):
        holds.placed(view, event)
    elif isinstance(event, HoldCaptured):
        holds.captured(view, event)
    else:
        holds.released(view, event)


def _evolve_seldom(
    view: PartitionView,
    event: ReviewOpened
    | ReviewResolved
    | HoldIncremented
    | HoldExtended
    | MerchantTermsSet
    | ReferenceTaken
    | WalletOpened
    | WalletStatusChanged
    | TierChanged
    | ToppedUp
    | TopUpChargedBack
    | InflowGivenBack
    | AdjustmentRecorded
    | QuoteTaken
    | InterestMoved
    | CreditLimitChanged
    | LienMoved
    | EvidenceSubmitted
    | StandingMoved
    | SuspendedSaleMoved
    | ScheduleMoved
    | RiskFlagged,
    at: int,
) -> None:
    if isinstance(event, ReviewOpened):
        reviews.opened(view, event)
    elif isinstance(event, ReviewResolved):
        reviews.resolved(view, event)
    elif isinstance(event, HoldIncremented):
        holds.incremented(view, event)
    elif isinstance(event, HoldExtended):
        holds.extended(view, event)
    elif isinstance(event, MerchantTermsSet):
        view.merchant_terms.put(event.wallet_id, event.terms)
    else:
        _evolve_wallet(view, event, at)


def _evolve_wallet(
    view: PartitionView,
    event: WalletOpened
    | WalletStatusChanged
    | TierChanged
    | ToppedUp
    | ReferenceTaken
    | TopUpChargedBack
    | InflowGivenBack
    | AdjustmentRecorded
    | QuoteTaken
    | InterestMoved
    | CreditLimitChanged
    | LienMoved
    | EvidenceSubmitted
    | StandingMoved
    | SuspendedSaleMoved
    | ScheduleMoved
    | RiskFlagged,
    at: int,
) -> None:
    if isinstance(event, WalletOpened):
        wallets.opened(view, event, at)
    elif isinstance(event, WalletStatusChanged):
        wallets.status_changed(view, event)
    elif isinstance(event, TierChanged):
        wallets.tier_changed(view, event, at)
    elif isinstance(event, ToppedUp):
        wallets.topped_up(view, event)
    elif isinstance(event, RiskFlagged):
        wallets.flagged(view, event, at)
    else:
        families.evolved(view, event)
