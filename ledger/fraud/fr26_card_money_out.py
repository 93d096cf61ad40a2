"""FR26: How much of the last card top-up is gone after this, in percent, for an hour.

Why: Stolen cards fill wallets that are emptied before the card is blocked (bust-out).
Older money is spent first: gone is what of the top-up the wallet has no more in this currency. An
hour after the top-up, or without any, the value is 0.
Default: from 90 200.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.windows import HOUR_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `card_money_out`."""
    inflow = outgoing.habits.inflow
    if inflow.card_at == 0 or outgoing.at - inflow.card_at > HOUR_US:
        return 0
    gone = inflow.card_sum - outgoing.habits.left
    return gone * 100 // max(1, inflow.card_sum) if gone > 0 else 0
