"""Standing rows: what lies beneath a freeze, and the two timers of a wallet's status."""

from __future__ import annotations

from typing import Final

from ledger.evolving.timers import drop_timer, set_timer
from ledger.standing import NO_STANDING, standing_of
from ledger.view import PartitionView
from schemas.messages.events import StandingMoved
from schemas.messages.vocabulary import TimerKind

FREEZE: Final = "freeze"
DORMANCY: Final = "dormancy"


def moved(view: PartitionView, event: StandingMoved) -> None:
    """Put the row, or take it away once it says nothing, and set what is due by it."""
    wallet_id = event.wallet_id
    before = standing_of(view, wallet_id)
    after = event.row
    for kind, name, due_before, due in (
        (TimerKind.FREEZE_EXPIRY, FREEZE, before.freeze_due, after.freeze_due),
        (TimerKind.DORMANCY, DORMANCY, before.dormancy_due, after.dormancy_due),
    ):
        drop_timer(view, kind, due_before, (wallet_id, name))
        set_timer(view, kind, due, (wallet_id, name))
    if after == NO_STANDING:
        view.standings.delete(wallet_id)
    else:
        view.standings.put(wallet_id, after)
