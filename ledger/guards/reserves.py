"""Guards of reserves.

Owns: shape, state and status of ReleaseReserve.
Never: asks whether its time has come; whoever sends the command decides that.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import payment_id
from ledger.refusal import Refusal
from schemas.messages.commands import ReleaseReserve
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (ReleaseReserve,)


def shape(body: ReleaseReserve) -> Refusal | None:
    """Refuse what no state could make right."""
    return payment_id(body.payment_id)


def state(case: Case, body: ReleaseReserve) -> Refusal | None:
    """Refuse an unknown or disputed payment, and one of which nothing is kept back."""
    row = case.moment.view.transactions.get((case.wallet_id, body.payment_id))
    if row is None or row.kind is not TransactionKind.PAYMENT:
        return Refusal(RejectionReason.INVALID_TRANSITION, "payment_id")
    if row.state is TransactionState.DISPUTED:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.state.name)
    if row.reserve == 0:
        return Refusal(RejectionReason.INVALID_TRANSITION, "reserve")
    return None


def status(case: Case) -> Refusal | None:
    """Refuse to loosen by hand what a blocked merchant has; its wallet is open, money is in it."""
    return Refusal(RejectionReason.DEBIT_BLOCKED) if case.owner().debit_blocked else None
