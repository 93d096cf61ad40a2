"""Bills: the guards of PayBill and RejectBill.

Owns: their fields, and that only a bill which was paid can be rejected, once.
Never: knows which billers exist; nothing outside the log may influence a Decision.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, money, text
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from ledger.standing import debit_refusal
from schemas.messages.commands import PayBill, RejectBill
from schemas.messages.vocabulary import FeeFlow, TransactionKind, TransactionState

COMMANDS: Final = (PayBill, RejectBill)
Body = PayBill | RejectBill


def shape(case: Case, body: Body) -> Refusal | None:
    """Check biller, texts and amount."""
    if isinstance(body, PayBill):
        return (
            id_refusal(body.biller, "biller")
            or text(body.bill_ref, "bill_ref")
            or money(case.moment.programme, body.currency, body.amount, FeeFlow.BILL)
        )
    return id_refusal(body.transaction_id, "transaction_id") or text(
        body.reason_code, "reason_code"
    )


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse what the payment as it stands does not allow."""
    if isinstance(body, PayBill):
        return unused(case)
    row = case.moment.view.transactions.get((case.wallet_id, body.transaction_id))
    return transition_refusal(row, TransactionKind.BILL_PAYMENT, TransactionState.REVERSED)


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse what the payer's status does not allow; a rejection only gives back."""
    return debit_refusal(case, body.currency) if isinstance(body, PayBill) else None
