"""FR22: How many wallets one of this wallet's cards topped up in the last 30 days, at most 32.

Why: A stolen card is emptied into several wallets, and a farm shares the few cards that it has.
The risk job counts across wallets and tells each of them from the lowest band on. Missing when a
known card topped the wallet up in 7 days and nothing was told of any; 0 when there was no card.
Default: from 3 200.
Owner: risk. ADR: 0038, flags are told to the wallets they are about.
"""

from __future__ import annotations

from ledger.flags import values
from ledger.outgoing import Outgoing
from ledger.sources import INSTRUMENTS_US
from schemas.messages.vocabulary import FlagKind


def feature(outgoing: Outgoing) -> int | None:
    """Return `instrument_parties`."""
    habits = outgoing.habits
    flags = habits.profile.flags
    if flags:
        counted = values(flags, FlagKind.INSTRUMENT_PARTIES, outgoing.at)
        if counted:
            return max(counted)
    since = outgoing.at - INSTRUMENTS_US
    for each in habits.inflow.instruments:
        if each.at > since:
            return None
    return 0
