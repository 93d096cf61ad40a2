"""FR01: Outgoing attempts in the last 24 hours, this one and refused ones included.

Why: Account takeover and mules pay out in bursts.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `out_attempts_24h`."""
    return outgoing.trailing.day_24h.attempts + 1
