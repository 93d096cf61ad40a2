"""FR25: Seconds since the wallet's tier, and with it its limits, was changed; no value when never.

Why: Whoever took a wallet over widens its limits first.
Default: below 86 400 150.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `seconds_since_tier_change`."""
    changed_at = outgoing.habits.profile.tier_changed_at
    if changed_at == 0:
        return None
    return (outgoing.at - changed_at) // SECOND_US
