"""FR19: What is paid from a device that this wallet has used for less than 24 hours, else 0.

Why: A device that was just bound, whoever vouched for it, does not empty a wallet.
Base minor units, so that the band says how much is much. The first device of a wallet is never new.
No device said by the caller, though the wallet has some: no value.
Default: from 100 000 a block.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.windows import DAY_US


def feature(outgoing: Outgoing) -> int | None:
    """Return `new_device_amount`."""
    known = outgoing.habits.profile.devices
    if not known:
        return 0
    device_id = outgoing.habits.origin.device_id
    if not device_id:
        return None
    for each in known:
        if each.device_id == device_id and each.first_at <= outgoing.at - DAY_US:
            return 0
    # What remains is unseen or young: the first of all is young as well, in a young wallet.
    oldest = min(known, key=lambda each: each.first_at)
    return 0 if oldest.device_id == device_id else outgoing.base_amount
