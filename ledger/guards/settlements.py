"""Settlements: the guards of SettleTransaction.

Owns: which transaction a line of a rail or bank may settle: any whose lifecycle knows SETTLED.
Never: matches; whoever sends the command did. No status of the wallet changes what the bank did.
"""

from __future__ import annotations

from typing import Final

from ledger.begun import transaction_of
from ledger.case import Case
from ledger.guards.fields import id_refusal, text
from ledger.lifecycle import settlement_path, transition_refusal
from ledger.refusal import Refusal
from schemas.messages.commands import SettleTransaction
from schemas.messages.vocabulary import RejectionReason

COMMANDS: Final = (SettleTransaction,)


def shape(body: SettleTransaction) -> Refusal | None:
    """Refuse a malformed id or reference."""
    return id_refusal(body.transaction_id, "transaction_id") or text(body.ext_ref, "ext_ref")


def state(case: Case, body: SettleTransaction) -> Refusal | None:
    """Refuse a transaction that is not there or cannot be settled now."""
    row = transaction_of(case, body.transaction_id)
    if row is None:
        return Refusal(RejectionReason.INVALID_TRANSITION, "transaction_id")
    path = settlement_path(row)
    if not path:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.state.name)
    return transition_refusal(row, row.kind, *path)
