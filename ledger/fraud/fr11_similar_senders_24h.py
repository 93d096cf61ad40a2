"""FR11: The most wallets that paid this one amounts within 10 % of each other in 24 hours.

Why: A scam has a price: many strangers send nearly the same amount to one wallet.
Of each sender the latest payment counts, and it is compared with that of each other: the value is
the largest group around one of them. Somebody paid by nobody has 0.
Default: from 5 150.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from ledger.outgoing import Outgoing
from ledger.windows import DAY_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `similar_senders_24h`."""
    senders = outgoing.habits.inflow.senders
    if not senders:
        return 0
    since = outgoing.at - DAY_US
    amounts = sorted([each.base_amount for each in senders if each.at > since])
    if len(amounts) < 2:  # noqa: PLR2004 - one or none resembles itself
        return len(amounts)
    groups: list[int] = []
    for amount in amounts:
        # All from 90 % of it, rounded up, to 110 %, rounded down.
        first = bisect_left(amounts, -(-amount * 9 // 10))
        groups.append(bisect_right(amounts, amount * 11 // 10) - first)
    return max(groups)
