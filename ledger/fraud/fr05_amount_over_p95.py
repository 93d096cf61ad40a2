"""FR05: 1 when the amount is above the wallet's own 95th percentile; no value yet.

Why: An unusual amount to an unknown payee is the pattern of scams.
The percentile needs a history that no row keeps yet: until then it takes the missing exit.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(_: Outgoing) -> int | None:
    """Return `amount_over_p95`."""
    return None
