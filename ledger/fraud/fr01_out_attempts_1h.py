"""FR01: Outgoing attempts in the last hour, this one and refused ones included.

Why: Account takeover and mules pay out in bursts.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `out_attempts_1h`."""
    return outgoing.trailing.hour.attempts + 1
