"""FR27: How many disputes were opened against a merchant in 30 days, in 0.01 % of its sales.

Why: Card schemes fine beyond a hundredth, and what buyers win is owed by a merchant that is gone.
A dispute counts on the day it was opened, however it ends. This sale is not in it. Fewer than 100
sales in 30 days have no value: one dispute among them would be over any bound.
Default: from 101 (over 1 %) 200.
Owner: risk. ADR: 0048, merchants are asked about when they are paid.
"""

from __future__ import annotations

from typing import Final

from ledger.profile import RATIO_MAX
from ledger.trades import Selling

SALES_MIN: Final = 100


def feature(selling: Selling) -> int | None:
    """Return `dispute_ratio_30d`."""
    sales = sum(selling.trade.sales)
    if sales < SALES_MIN:
        return None
    return min(sum(selling.trade.disputes) * 10_000 // sales, RATIO_MAX)
