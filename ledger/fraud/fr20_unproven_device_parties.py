"""FR20: The same count for a payment that was not strongly authenticated; else 0.

Why: Whoever shares a device with many has to show that it is them, and may then pay.
Without a flag it is 0: that nothing was said is what `device_parties` says.
Default: from 6 a step-up.
Owner: risk. ADR: 0038, flags are told to the wallets they are about.
"""

from __future__ import annotations

from ledger.fraud import fr20_device_parties
from ledger.outgoing import Outgoing
from schemas.messages.vocabulary import Authentication


def feature(outgoing: Outgoing) -> int | None:
    """Return `unproven_device_parties`."""
    if outgoing.habits.origin.authentication is Authentication.STRONG:
        return 0
    return fr20_device_parties.feature(outgoing) or 0
