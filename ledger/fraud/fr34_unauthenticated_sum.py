"""FR34: Money paid without authentication since the latest strong one, this included.

Why: Small payments need none, but only up to a sum.
Base minor units.
Authenticated strongly, or the caller said nothing (a job pays), or the wallet never was
authenticated strongly: 0.
Default: from 10 001 a step-up.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from ledger.profile import TOTAL_MODULUS
from schemas.messages.vocabulary import Authentication


def feature(outgoing: Outgoing) -> int | None:
    """Return `unauthenticated_sum`."""
    if outgoing.habits.origin.authentication is not Authentication.NONE:
        return 0
    profile = outgoing.habits.profile
    if profile.unauthenticated_count < 0:
        return 0
    return min(profile.unauthenticated_sum + outgoing.base_amount, TOTAL_MODULUS)
