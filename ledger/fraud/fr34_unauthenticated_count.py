"""FR34: Payments without authentication since the latest strong one, this included.

Why: Small payments need none, but not for ever: a reset by an event, not by time.
Authenticated strongly, or the caller said nothing (a job pays), or the wallet never was
authenticated strongly: 0.
Default: from 6 a step-up.
Owner: risk. ADR: 0026, sources are kept where the money came.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing
from schemas.messages.vocabulary import Authentication


def feature(outgoing: Outgoing) -> int | None:
    """Return `unauthenticated_count`."""
    if outgoing.habits.origin.authentication is not Authentication.NONE:
        return 0
    return outgoing.habits.profile.unauthenticated_count + 1
