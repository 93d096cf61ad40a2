"""FR08: Whole days of 24 hours since the owner last did something.

Why: Forgotten wallets are taken over, or kept ready for later use.
That is a card top-up, an attempt to pay or the opening; what others pay in wakes nobody. It always
has a value.
Default: from 90 120.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.windows import DAY_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `days_dormant`."""
    latest = max(outgoing.previous_at, outgoing.habits.inflow.card_at, outgoing.habits.opened_at)
    return (outgoing.at - latest) // DAY_US
