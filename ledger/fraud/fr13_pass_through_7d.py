"""FR13: Money out in thousandths of money in, this calendar day and the 7 before it.

Why: A wallet through which everything flows, and in which nothing stays, is a mule's.
Fewer than 5 movements in or 5 out, this included, have no value.
Default: 900 to 1 000 150.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from typing import Final

from ledger.days import KEPT_IN, inflow_before
from ledger.outgoing import Outgoing
from ledger.profile import RATIO_MAX

MOVEMENTS_MIN: Final = 5


def feature(outgoing: Outgoing) -> int | None:
    """Return `pass_through_7d`."""
    counts, sums = inflow_before(outgoing.day, outgoing.habits.inflow)
    today = outgoing.habits.inflow.day == outgoing.day
    ins = sum(counts) + (outgoing.habits.inflow.day_count if today else 0)
    outs = sum(outgoing.days.counts[:KEPT_IN]) + outgoing.day_count + 1
    if ins < MOVEMENTS_MIN or outs < MOVEMENTS_MIN:
        return None
    money_in = sum(sums) + (outgoing.habits.inflow.day_sum if today else 0)
    money_out = sum(outgoing.days.sums[:KEPT_IN]) + outgoing.day_sum + outgoing.base_amount
    return min(money_out * 1_000 // max(1, money_in), RATIO_MAX)
