"""Begun: commands that begin a transaction, and commands about one that began earlier.

Owns: that a transaction's id is used once, and where its row is found.
Never: knows a kind's lifecycle (`ledger.lifecycle`).
"""

from __future__ import annotations

from ledger.case import Case
from ledger.errors import present
from ledger.refusal import Refusal
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import RejectionReason


def id_in_use(case: Case) -> Refusal | None:
    """Refuse a command id that names a transaction already, also after 35 days."""
    if transaction_of(case, case.command.command_id) is None:
        return None
    return Refusal(RejectionReason.INVALID_TRANSITION, "command_id")


def transaction_of(case: Case, transaction_id: str) -> TransactionRow | None:
    """Return the row of one of the wallet's transactions."""
    return case.moment.view.transactions.get((case.wallet_id, transaction_id))


def known(case: Case, transaction_id: str) -> TransactionRow:
    """Return the row of a transaction that the state guard has seen."""
    return present(transaction_of(case, transaction_id), "transaction")
