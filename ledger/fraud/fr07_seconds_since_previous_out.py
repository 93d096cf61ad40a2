"""FR07: Seconds since the previous outgoing attempt; no value for the first.

Why: Nobody types this fast: a script pays.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `seconds_since_previous_out`."""
    if outgoing.previous_at == 0:
        return None
    return (outgoing.at - outgoing.previous_at) // SECOND_US
