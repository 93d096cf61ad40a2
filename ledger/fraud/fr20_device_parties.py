"""FR20: How many wallets used the device of this payment in the last 30 days, at most 32.

Why: One telephone with many wallets is a farm of invented people, or of mules.
The risk job counts across wallets and tells each of them from the lowest band on. Missing when a
device is named that the wallet was told nothing about; 0 when none is named.
Default: from 3 150.
Owner: risk. ADR: 0038, flags are told to the wallets they are about.
"""

from __future__ import annotations

from ledger.flags import known, subject_of
from ledger.outgoing import Outgoing
from schemas.messages.vocabulary import FlagKind


def feature(outgoing: Outgoing) -> int | None:
    """Return `device_parties`."""
    device_id = outgoing.habits.origin.device_id
    if not device_id:
        return 0
    flags = outgoing.habits.profile.flags
    if not flags:
        return None
    subject = subject_of(FlagKind.DEVICE_PARTIES, device_id)
    flag = known(flags, FlagKind.DEVICE_PARTIES, subject)
    return flag.value if flag is not None and flag.expires_at > outgoing.at else None
