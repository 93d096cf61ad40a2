"""FR05: 1 when this payee was never paid before, else 0.

Why: A deceived payer pays somebody unknown.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `first_payment`."""
    return 1 if outgoing.new_payee else 0
