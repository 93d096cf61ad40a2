"""FR34: This amount, when it comes without strong authentication, base minor units.

Why: A small payment needs none, a larger one does.
Authenticated strongly, or the caller said nothing (a job pays), or the wallet never was
authenticated strongly: 0.
Default: from 3 001 a step-up.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from schemas.messages.vocabulary import Authentication


def feature(outgoing: Outgoing) -> int | None:
    """Return `unauthenticated_amount`."""
    if outgoing.habits.origin.authentication is not Authentication.NONE:
        return 0
    return outgoing.base_amount if outgoing.habits.profile.unauthenticated_count >= 0 else 0
