"""FR21: Attempts of the last 10 minutes that paid nothing, this one not included.

Why: Whoever has stolen access tries what works; whoever has his own money is seldom refused.
Refused attempts, and those whose money came back whole: a void, an expiry, a recipient's no. It
always has a value. What never became an attempt (a wrong field, a frozen wallet) is not known.
Default: from 5 150. The design blocks for 15 minutes; a customer who is short of money tries as
often, and each blocked attempt would be one more, so that the block would not end.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `unpaid_attempts_10m`."""
    window = outgoing.trailing.minutes_10
    return window.attempts - window.count
