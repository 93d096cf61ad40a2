"""FR23: How many different cards topped this wallet up in the last 7 days, at most 8.

Why: Whoever has a list of stolen cards tries them out on one wallet.
A card is known by the token that its top-up came with; those without one do not count.
Default: from 5 200.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.sources import INSTRUMENTS_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `instruments_7d`."""
    instruments = outgoing.habits.inflow.instruments
    if not instruments:
        return 0
    since = outgoing.at - INSTRUMENTS_US
    return len([each for each in instruments if each.at > since])
