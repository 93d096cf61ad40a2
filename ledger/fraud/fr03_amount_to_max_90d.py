"""FR03: This amount in percent of the largest one paid on this calendar day or the 90 before it.

Why: A thief takes more at once than the owner ever did.
A wallet that paid fewer than 5 times, or not in that time, has no value. What came back stays.
Default: from 151 150.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from typing import Final

from ledger.outgoing import Outgoing
from ledger.profile import RATIO_MAX

OUTS_MIN: Final = 5


def feature(outgoing: Outgoing) -> int | None:
    """Return `amount_to_max_90d`."""
    if outgoing.habits.profile.outs < OUTS_MIN:
        return None
    # The staircase of days was moved on to this day: its first step is the largest.
    largest = outgoing.days.max_amounts
    if not largest:
        return None
    return min(outgoing.base_amount * 100 // max(1, largest[0]), RATIO_MAX)
