"""FR25: Seconds since the wallet's tier was changed, when this payee is new; else no value.

Why: Wider limits, and at once somebody unknown is paid.
Default: below 86 400 a review.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.fraud import fr25_seconds_since_tier_change
from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `seconds_since_tier_change_to_new_payee`."""
    return fr25_seconds_since_tier_change.feature(outgoing) if outgoing.new_payee else None
