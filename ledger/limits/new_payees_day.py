"""Payees paid for the first time in any 24 hours, exact: (t - 24 h, t].

Why: Whoever took a wallet over pays people it never paid.
Owner: limits. ADR: 0008, policy as argument.
"""

from __future__ import annotations

from ledger import until
from ledger.outgoing import Outgoing
from ledger.refusal import Refusal
from ledger.windows import DAY_US


def check(outgoing: Outgoing) -> Refusal | None:
    """Refuse LIMIT_COUNT above the tier's `new_payees_day`; -1 = no limit."""
    ceiling = outgoing.limits.new_payees_day
    times = outgoing.new_payee_times
    if outgoing.new_payee and 0 <= ceiling <= len(times):
        frees = times[len(times) - ceiling] + DAY_US if ceiling > 0 else None
        return until.count("new_payees_day", frees)
    return None
