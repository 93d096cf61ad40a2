"""FR14: Amounts of 7 days, this included, just below one threshold T: 0.8 T to T.

Why: Whoever knows what is reported pays just less, again and again.
Thresholds are the ruleset's `structuring_at` and the tier's largest single amount. An amount near
none of them has 0. At most 16 earlier ones are remembered.
Default: from 3 200.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.profile import NEAR_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `structuring_7d`."""
    near = outgoing.habits.near
    if near == 0:
        return 0
    since = outgoing.at - NEAR_US
    profile = outgoing.habits.profile
    most = 0
    while near != 0:
        bit = near & -near
        near ^= bit
        count = 1
        for number, at in enumerate(profile.near_at):
            if at > since and profile.near_bits[number] & bit:
                count += 1
        most = max(most, count)
    return most
