"""Credit: a wallet's limit is changed.

Owns: the one event.
Never: uses credit (`ledger.decisions.outgoing`).
"""

from __future__ import annotations

from ledger.case import Case
from ledger.refusal import accepted
from ledger.verdict import Verdict
from schemas.messages.commands import ChangeCreditLimit
from schemas.messages.events import CreditLimitChanged


def act(case: Case, body: ChangeCreditLimit) -> Verdict:
    """Set the limit, whatever is used of it."""
    return accepted((CreditLimitChanged(case.wallet_id, body.currency, body.limit),))
