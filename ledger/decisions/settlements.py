"""Settlements: a transaction was matched with a line of its rail or bank.

Owns: the step to SETTLED, of one that its rail still had over COMPLETED.
Never: posts; the treasury's own entry cleared the rail's account.
"""

from __future__ import annotations

from ledger.begun import known
from ledger.case import Case
from ledger.decisions.transactions import changed, moved
from ledger.lifecycle import settlement_path
from ledger.refusal import accepted
from ledger.verdict import Verdict
from schemas.messages.commands import SettleTransaction


def act(case: Case, body: SettleTransaction) -> Verdict:
    """Settle it; the line's reference is the reason, and the transaction's own if it had none."""
    row = known(case, body.transaction_id)
    after = changed(row, reference=row.reference or body.ext_ref)
    subject = (case.wallet_id, body.transaction_id)
    return accepted(moved(subject, after, *settlement_path(row), reason=body.ext_ref))
