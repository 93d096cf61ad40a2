"""FR28: How many of a merchant's last 20 sales the same wallet paid that pays this one.

Why: A shop without customers is paid by its own people, with money that is not theirs.
This sale is not in it, so a merchant's first one has 0.
Default: from 10 80.
Owner: risk. ADR: 0048, merchants are asked about when they are paid.
"""

from __future__ import annotations

from ledger.trades import Selling


def feature(selling: Selling) -> int | None:
    """Return `payer_repeats`."""
    return len([each for each in selling.trade.latest if each.payer == selling.payer])
