"""FR28: How many percent of a merchant's last 20 sales came at night, before 5 by the clock.

Why: Stolen cards are charged while their owners sleep.
The clock is the programme's. This sale is not in it. Fewer than 20 sales have no value.
Default: from 51 80.
Owner: risk. ADR: 0048, merchants are asked about when they are paid.
"""

from __future__ import annotations

from ledger.trades import LATEST_KEPT, Selling


def feature(selling: Selling) -> int | None:
    """Return `night_share`."""
    latest = selling.trade.latest
    if len(latest) < LATEST_KEPT:
        return None
    return len([each for each in latest if each.night]) * 100 // LATEST_KEPT
