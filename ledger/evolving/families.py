"""Rows of families: references outside the ledger, chargebacks, adjustments, interest."""

from __future__ import annotations

from typing import assert_never

from ledger.evolving import receiving, wallets
from ledger.view import PartitionView
from schemas.messages.events import (
    AdjustmentRecorded,
    CreditLimitChanged,
    InflowGivenBack,
    InterestMoved,
    QuoteTaken,
    ReferenceTaken,
    TopUpChargedBack,
)
from schemas.messages.rows import InterestRow


def evolved(
    view: PartitionView,
    event: ReferenceTaken
    | TopUpChargedBack
    | InflowGivenBack
    | AdjustmentRecorded
    | QuoteTaken
    | InterestMoved
    | CreditLimitChanged,
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
    elif isinstance(event, CreditLimitChanged):
        wallets.credit_changed(view, event)
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
