"""Rows of families: outside references, chargebacks, adjustments, interest, and of merchants.

Owns: the rows of events that come seldom.
Never: judges; the decision did.
"""

from __future__ import annotations

from typing import assert_never

from ledger.evolving import receiving, schedules, standings, wallets
from ledger.view import PartitionView
from schemas.messages.events import (
    AdjustmentRecorded,
    CreditLimitChanged,
    EvidenceSubmitted,
    InflowGivenBack,
    InterestMoved,
    LienMoved,
    QuoteTaken,
    ReferenceTaken,
    ScheduleMoved,
    StandingMoved,
    SuspendedSaleMoved,
    TopUpChargedBack,
)
from schemas.messages.rows import InterestRow, LienRow


def evolved(
    view: PartitionView,
    event: ReferenceTaken
    | TopUpChargedBack
    | InflowGivenBack
    | AdjustmentRecorded
    | QuoteTaken
    | InterestMoved
    | CreditLimitChanged
    | LienMoved
    | EvidenceSubmitted
    | SuspendedSaleMoved
    | StandingMoved
    | ScheduleMoved,
) -> None:
    """Change the rows that an event of a family is about."""
    if isinstance(event, ReferenceTaken):
        wallets.reference_taken(view, event)
    elif isinstance(event, TopUpChargedBack):
        wallets.charged_back(view, event)
    elif isinstance(event, InflowGivenBack):
        receiving.given_back(view, event)
    elif isinstance(event, AdjustmentRecorded):
        view.adjustments.put((event.wallet_id, event.adjustment_id), event.row)
    elif isinstance(event, InterestMoved):
        _interest(view, event)
    else:
        _evolved_more(view, event)


def _evolved_more(
    view: PartitionView,
    event: CreditLimitChanged
    | QuoteTaken
    | LienMoved
    | EvidenceSubmitted
    | SuspendedSaleMoved
    | StandingMoved
    | ScheduleMoved,
) -> None:
    if isinstance(event, CreditLimitChanged):
        wallets.credit_changed(view, event)
    elif isinstance(event, LienMoved):
        _lien(view, event)
    elif isinstance(event, SuspendedSaleMoved):
        view.suspended_sales.put(event.suspended_id, event.row)
    elif isinstance(event, EvidenceSubmitted):
        view.evidence.put((event.wallet_id, event.dispute_id), event.row)
    elif isinstance(event, StandingMoved):
        standings.moved(view, event)
    elif isinstance(event, ScheduleMoved):
        schedules.moved(view, event)
    elif isinstance(event, QuoteTaken):
        return  # the conversion's transaction and postings say the rest
    else:
        assert_never(event)


def _interest(view: PartitionView, event: InterestMoved) -> None:
    key = (event.wallet_id, event.currency)
    if event.accrued > 0:
        view.interest.put(key, InterestRow(event.accrued))
    else:
        view.interest.delete(key)


def _lien(view: PartitionView, event: LienMoved) -> None:
    key = (event.wallet_id, event.currency)
    if event.held > 0:
        view.liens.put(key, LienRow(event.held))
    else:
        view.liens.delete(key)
