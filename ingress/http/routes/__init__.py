"""Routes: one file a resource, each a table of what it takes or tells.

Owns: the list of them.
Never: a handler for one write; `writing.py` has the one for all.
"""

from typing import Final

from ingress.http.route import Write
from ingress.http.routes import (
    adjustments,
    disputes,
    escrows,
    holds,
    payments,
    quotes,
    refunds,
    requests,
    schedules,
    top_ups,
    transfers,
    wallets,
    withdrawals,
)

WRITES: Final[tuple[Write, ...]] = (
    *wallets.WRITES,
    *transfers.WRITES,
    *holds.WRITES,
    *top_ups.WRITES,
    *withdrawals.WRITES,
    *payments.WRITES,
    *refunds.WRITES,
    *quotes.WRITES,
    *escrows.WRITES,
    *disputes.WRITES,
    *requests.WRITES,
    *schedules.WRITES,
    *adjustments.WRITES,
)
