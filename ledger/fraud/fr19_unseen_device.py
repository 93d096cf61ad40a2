"""FR19: 1 when this wallet never paid from this device, and did from others, else 0.

Why: Whoever took a wallet over uses a device of his own.
The first device of a wallet is its owner's. A strong authentication of this very command vouches
for the device: 0, and an accepted payment makes it known. No device said by the caller, though the
wallet has some: no value.
Default: from 1 a step-up.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from schemas.messages.vocabulary import Authentication


def feature(outgoing: Outgoing) -> int | None:
    """Return `unseen_device`."""
    known = outgoing.habits.profile.devices
    if not known:
        return 0
    device_id = outgoing.habits.origin.device_id
    if not device_id:
        return None
    if outgoing.habits.origin.authentication is Authentication.STRONG:
        return 0
    return 0 if any(each.device_id == device_id for each in known) else 1
