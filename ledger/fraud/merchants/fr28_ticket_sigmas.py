"""FR28: How far a sale is above the mean of the last 20, in 0.01 deviations.

Why: A shop that was sold, or taken over, takes other amounts than it ever did.
At or below the mean it is 0. Fewer than 20 sales, or amounts all alike (no variance), have no
value.
Default: from 301 (3 sigma) 80.
Owner: risk. ADR: 0048, merchants are asked about when they are paid.
"""

from __future__ import annotations

from math import isqrt

from ledger.profile import RATIO_MAX
from ledger.trades import LATEST_KEPT, Selling


def feature(selling: Selling) -> int | None:
    """Return `ticket_sigmas`."""
    amounts = [each.base_amount for each in selling.trade.latest]
    if len(amounts) < LATEST_KEPT:
        return None
    total = sum(amounts)
    # n^2 times the variance, so that nothing is rounded before the root.
    spread = isqrt(LATEST_KEPT * sum([each * each for each in amounts]) - total * total)
    if spread == 0:
        return None
    above = selling.base_amount * LATEST_KEPT - total
    return min(max(0, above) * 100 // spread, RATIO_MAX)
