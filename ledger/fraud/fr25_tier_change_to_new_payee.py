"""FR25: Seconds since the wallet's tier was changed, when this payee is new; else no value.

Why: Wider limits, and at once somebody unknown is paid.
Default: below 86 400 a review.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `seconds_since_tier_change_to_new_payee`."""
    changed_at = outgoing.habits.profile.tier_changed_at
    if changed_at == 0 or not outgoing.new_payee:
        return None
    return (outgoing.at - changed_at) // SECOND_US
