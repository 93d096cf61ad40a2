"""FR09: Outgoing money of 24 hours of a wallet in its first day.

Why: Mules and made-up people use a wallet up quickly.
Else 0. This attempt is included. Base minor units, so that the band says how much is much. It
always has a value.
Default: from 100 000 120.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.windows import DAY_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `out_24h_first_day`."""
    age = outgoing.at - outgoing.habits.opened_at
    if age < DAY_US:
        return outgoing.trailing.day_24h.base_sum + outgoing.base_amount
    return 0
