"""FR32: 1 when the merchant's category is one that the ruleset denies, else 0.

Why: Some trades are not served, whoever pays.
Nothing denied: 0. Something denied, and the caller did not say: no value.
Default: from 1 a block, of nothing.
Owner: risk. ADR: 0008, policy as argument: the lists are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `denied_mcc`."""
    denied = outgoing.habits.denied.mccs
    if not denied:
        return 0
    said = outgoing.habits.origin.mcc
    if not said:
        return None
    return 1 if said in denied else 0
