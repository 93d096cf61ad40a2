"""Withdrawals: the guards of Withdraw, SubmitWithdrawal, CancelWithdrawal and ReturnWithdrawal.

Owns: what they must look like, and which state of the withdrawal and the wallet allows them.
Never: limits, money (`ledger.decisions.withdrawals`).

To hand a withdrawal over is to pay, so a wallet whose debits are blocked refuses that; to cancel it
or to bring it back gives back, so no status stops those.
"""

from __future__ import annotations

from typing import Final

from ledger.begun import id_in_use, known, transaction_of
from ledger.case import Case
from ledger.guards.fields import id_refusal, money, text
from ledger.lifecycle import transition_refusal
from ledger.rails import BANK_OUT, payout
from ledger.refusal import Refusal
from ledger.standing import debit_refusal
from schemas.messages.commands import (
    CancelWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
    Withdraw,
)
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

COMMANDS: Final = (Withdraw, SubmitWithdrawal, CancelWithdrawal, ReturnWithdrawal)
Body = Withdraw | SubmitWithdrawal | CancelWithdrawal | ReturnWithdrawal


def shape(case: Case, body: Body) -> Refusal | None:
    """Refuse malformed rails, beneficiaries, references, reasons and amounts."""
    if isinstance(body, Withdraw):
        return (
            id_refusal(body.rail, "rail")
            or id_refusal(body.beneficiary, "beneficiary")
            or money(case.moment.programme, body.currency, body.amount, FeeFlow.WITHDRAWAL)
        )
    refusal = id_refusal(body.transaction_id, "transaction_id")
    if isinstance(body, SubmitWithdrawal):
        return refusal or text(body.ext_ref, "ext_ref")
    if isinstance(body, ReturnWithdrawal):
        return refusal or text(body.reason_code, "reason_code")
    return refusal


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse a rail that pays nothing out, and a withdrawal that is not there or past that."""
    if isinstance(body, Withdraw):
        rail = body.rail
        known_rail = rail in BANK_OUT
        no_rail = None if known_rail else Refusal(RejectionReason.UNKNOWN_ACCOUNT, rail)
        return id_in_use(case) or no_rail
    row = transaction_of(case, body.transaction_id)
    refusal = transition_refusal(row, TransactionKind.WITHDRAWAL, _next(body, row))
    if isinstance(body, SubmitWithdrawal):
        return refusal or _reference(case, body)
    return refusal


def status(case: Case, body: Body) -> Refusal | None:
    """Ask whether the wallet may pay."""
    if isinstance(body, Withdraw):
        return debit_refusal(case, body.currency)
    if isinstance(body, SubmitWithdrawal) and case.owner().debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return None


def _next(
    body: SubmitWithdrawal | CancelWithdrawal | ReturnWithdrawal, row: TransactionRow | None
) -> TransactionState:
    if isinstance(body, SubmitWithdrawal):
        return TransactionState.PROCESSING
    if isinstance(body, CancelWithdrawal):
        return TransactionState.CANCELLED
    return returned_state(row)


def returned_state(row: TransactionRow | None) -> TransactionState:
    """Return where a withdrawal ends that comes back: FAILED when it was still with the rail.

    One that was not handed over yet cannot come back, though it may fail: REVERSED refuses it.
    """
    if row is not None and row.state is TransactionState.PROCESSING:
        return TransactionState.FAILED
    return TransactionState.REVERSED


def _reference(case: Case, body: SubmitWithdrawal) -> Refusal | None:
    rail = payout(known(case, body.transaction_id).rail)
    if case.moment.view.external_refs.get((rail, body.ext_ref)) is not None:
        return Refusal(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    return None
