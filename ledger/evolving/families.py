"""Rows of families: references outside the ledger, adjustments, interest."""

from __future__ import annotations

from typing import assert_never

from ledger.view import PartitionView
from schemas.messages.events import AdjustmentRecorded, InterestMoved, QuoteTaken, ReferenceTaken
from schemas.messages.rows import ExternalRefRow, InterestRow


def evolved(
    view: PartitionView, event: ReferenceTaken | AdjustmentRecorded | QuoteTaken | InterestMoved
) -> None:
    """Change the rows that an event of a family is about."""
    if isinstance(event, ReferenceTaken):
        view.external_refs.put(
            (event.scope, event.ext_ref), ExternalRefRow(event.wallet_id, event.command_id)
        )
    elif isinstance(event, AdjustmentRecorded):
        view.adjustments.put((event.wallet_id, event.adjustment_id), event.row)
    elif isinstance(event, InterestMoved):
        _interest(view, event)
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
