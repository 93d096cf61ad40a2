"""FR32: 1 when money is to leave by a rail that the ruleset denies, else 0.

Why: A rail that is abused is closed at once, without a release.
Default: from 1 a block, of nothing.
Owner: risk. ADR: 0008, policy as argument: the lists are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `denied_rail`."""
    return 1 if outgoing.habits.rail in outgoing.habits.denied.rails else 0
