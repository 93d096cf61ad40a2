"""FR05: 1 when a payee is new and the amount above the 95th percentile of the last 20, else 0.

Why: An unusual amount to an unknown payee is the pattern of scams.
The percentile is exact, by nearest rank: the second largest of 20. Fewer than 20 have no value.
Default: from 1 150.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from typing import Final

from ledger.outgoing import Outgoing
from ledger.profile import AMOUNTS_KEPT

ABOVE_P95: Final = AMOUNTS_KEPT - (95 * AMOUNTS_KEPT + 99) // 100


def feature(outgoing: Outgoing) -> int | None:
    """Return `amount_over_p95`."""
    if not outgoing.new_payee:
        return 0
    amounts = outgoing.habits.profile.amounts
    if len(amounts) < AMOUNTS_KEPT:
        return None
    not_below = [each for each in amounts if each >= outgoing.base_amount]
    return 1 if len(not_below) <= ABOVE_P95 else 0
