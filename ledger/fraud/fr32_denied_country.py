"""FR32: 1 when the command comes from a country that the ruleset denies, else 0.

Why: The programme is not offered there, or must not be.
Nothing denied: 0. Something denied, and the caller did not say: no value.
Default: from 1 a block, of nothing.
Owner: risk. ADR: 0008, policy as argument: the lists are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `denied_country`."""
    denied = outgoing.habits.denied.countries
    if not denied:
        return 0
    said = outgoing.habits.origin.country
    if not said:
        return None
    return 1 if said in denied else 0
