"""FR10: How many different wallets paid this one in the last 24 hours, at most 24.

Why: Money of many deceived people is collected in one wallet (smurfing) before it leaves.
The receiver keeps who paid it, and is asked when it pays. Merchants are paid by many: 0.
Default: from 5 120.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.windows import DAY_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `senders_24h`."""
    senders = outgoing.habits.inflow.senders
    if not senders:
        return 0
    since = outgoing.at - DAY_US
    return len([each for each in senders if each.at > since])
