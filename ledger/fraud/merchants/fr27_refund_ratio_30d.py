"""FR27: What a merchant refunded in 30 days, in thousandths of what it sold in them.

Why: Who sells what is not there gives back until it cannot; its reserve has to grow before that.
Base minor units, each on the day it happened, so that a refund of an earlier sale counts too. This
sale is not in it. Fewer than 20 sales in 30 days have no value.
Default: from 101 (over 10 %) 200.
Owner: risk. ADR: 0048, merchants are asked about when they are paid.
"""

from __future__ import annotations

from typing import Final

from ledger.profile import RATIO_MAX
from ledger.trades import Selling

SALES_MIN: Final = 20


def feature(selling: Selling) -> int | None:
    """Return `refund_ratio_30d`."""
    trade = selling.trade
    if sum(trade.sales) < SALES_MIN:
        return None
    return min(sum(trade.refunded) * 1_000 // max(1, sum(trade.sold)), RATIO_MAX)
