"""Schedule rows: where each schedule stands, and how many of a wallet are not over."""

from __future__ import annotations

from ledger.schedules import OPEN
from ledger.view import PartitionView
from schemas.messages.events import ScheduleMoved
from schemas.messages.rows import ScheduleCountRow


def moved(view: PartitionView, event: ScheduleMoved) -> None:
    """The event carries the whole row."""
    view.schedules.put((event.wallet_id, event.schedule_id), event.row)
    change = (event.row.state in OPEN) - (event.before in OPEN)
    if change:
        before = view.schedule_counts.get(event.wallet_id)
        count = change if before is None else before.open + change
        view.schedule_counts.put(event.wallet_id, ScheduleCountRow(count))
