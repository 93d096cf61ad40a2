"""FR24: The largest card top-up of the last hour that came within an hour after a small one.

Why: A stolen card is tried with a little money before it is used in earnest.
Base minor units, so that the band says how much is large; `small_top_up` of the ruleset says what
is small. Of the last 8 top-ups; without such a pair it is 0.
Default: from 10 000 200.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.windows import HOUR_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `top_up_after_trial_1h`."""
    if outgoing.at - outgoing.habits.inflow.card_at >= HOUR_US:
        return 0
    small = outgoing.habits.small_top_up
    since = outgoing.at - HOUR_US
    tried_at = largest = 0
    for each in outgoing.habits.inflow.cards:
        if each.at > since and tried_at > each.at - HOUR_US:
            largest = max(largest, each.base_amount)
        if each.base_amount < small:
            tried_at = each.at
    return largest
