"""FR15: Round amounts among the last 20, in percent: multiples of 50 units.

Why: People spend odd amounts; whoever moves money for others moves round ones.
This one is included. Fewer than 10 have no value.
Default: from 71 80.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from typing import Final

from ledger.outgoing import Outgoing
from ledger.profile import AMOUNTS_KEPT, ROUND_MASK

COUNT_MIN: Final = 10


def feature(outgoing: Outgoing) -> int | None:
    """Return `round_amounts`."""
    count = min(outgoing.habits.profile.outs + 1, AMOUNTS_KEPT)
    if count < COUNT_MIN:
        return None
    bits = (outgoing.habits.profile.round_bits << 1) & ROUND_MASK
    found = bits.bit_count() + (1 if outgoing.habits.round_amount else 0)
    return found * 100 // count
