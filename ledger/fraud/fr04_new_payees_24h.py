"""FR04: Payees paid for the first time in the last 24 hours, this one included when it is new.

Why: Money is spread over many accounts to stay small (smurfing).
Owner: risk. ADR: 0008, policy as argument: bands, weights and actions are data in the ruleset.
"""

from __future__ import annotations

from ledger.outgoing import Outgoing


def feature(outgoing: Outgoing) -> int | None:
    """Return `new_payees_24h`."""
    return len(outgoing.new_payee_times) + (1 if outgoing.new_payee else 0)
