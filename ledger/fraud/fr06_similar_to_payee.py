"""FR06: How many of the last 3 amounts paid to this payee are within 10 % of this one.

Why: A large sum is split into equal parts to stay below what is reported.
Somebody new was paid nothing: 0.
Default: from 2 80.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `similar_to_payee`."""
    amount = outgoing.base_amount
    similar = [each for each in outgoing.habits.payee_amounts if abs(each - amount) * 10 <= amount]
    return len(similar)
