"""FR07: Seconds since the previous outgoing attempt, when this payee is new; else no value.

Why: A second payment to somebody new within minutes is rarely a person.
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `seconds_since_previous_out_to_new_payee`."""
    if not outgoing.new_payee or outgoing.previous_at == 0:
        return None
    return (outgoing.at - outgoing.previous_at) // SECOND_US
