"""Bank top-ups: the guards of SubmitBankTopUp, ClearTopUp and ReturnTopUp.

Owns: what they must look like, and which state of the top-up and the wallet allows them.
Never: limits, money (`ledger.decisions.bank_top_ups`).
"""

from __future__ import annotations

from typing import Final

from ledger.begun import id_in_use, known, transaction_of
from ledger.case import Case
from ledger.guards.fields import id_refusal, money, positive, text
from ledger.lifecycle import transition_refusal
from ledger.rails import BANK_IN
from ledger.refusal import Refusal
from ledger.standing import top_up_refusal
from ledger.wallet_status import owed_refusal
from schemas.messages.commands import ClearTopUp, ReturnTopUp, SubmitBankTopUp
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (SubmitBankTopUp, ClearTopUp, ReturnTopUp)
Body = SubmitBankTopUp | ClearTopUp | ReturnTopUp


def shape(case: Case, body: Body) -> Refusal | None:
    """Refuse malformed rails, references, reasons and amounts."""
    if isinstance(body, SubmitBankTopUp):
        return (
            id_refusal(body.rail, "rail")
            or text(body.ext_ref, "ext_ref")
            or money(case.moment.programme, body.currency, body.amount, None)
        )
    refusal = id_refusal(body.transaction_id, "transaction_id")
    if isinstance(body, ClearTopUp):
        return refusal or positive(body.amount)
    return refusal or text(body.reason_code, "reason_code")


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse a reference in use, and a top-up that is not there or past that."""
    if isinstance(body, SubmitBankTopUp):
        return id_in_use(case) or _collection(case, body)
    row = transaction_of(case, body.transaction_id)
    kind = TransactionKind.TOPUP_BANK
    if isinstance(body, ClearTopUp):
        cleared = (TransactionState.PROCESSING, TransactionState.COMPLETED)
        refusal = transition_refusal(row, kind, *cleared)
        return refusal or _more_than_waits(case, body)
    if row is not None and row.state is TransactionState.PENDING:
        return transition_refusal(row, kind, TransactionState.FAILED)
    return transition_refusal(row, kind, TransactionState.REVERSED)


def status(case: Case, body: Body) -> Refusal | None:
    """Ask whether the wallet may be credited; what a rail takes back is asked for nothing."""
    if isinstance(body, SubmitBankTopUp):
        return top_up_refusal(case, body.currency)
    if isinstance(body, ClearTopUp):
        return owed_refusal(case.owner(), known(case, body.transaction_id).currency)
    return None


def _collection(case: Case, body: SubmitBankTopUp) -> Refusal | None:
    if body.rail not in BANK_IN:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.rail)
    if case.moment.view.external_refs.get((body.rail, body.ext_ref)) is not None:
        return Refusal(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    return None


def _more_than_waits(case: Case, body: ClearTopUp) -> Refusal | None:
    row = known(case, body.transaction_id)
    if body.amount > row.amount - row.done:
        return Refusal(RejectionReason.INVALID_TRANSITION, "amount")
    return None
