"""Adjustments: guards of proposals and of the people who decide on them.

Owns: fields, the closed list of accounts, that nobody approves his own, what a freeze stops.
Never: funds; those are asked when the entry posts (`ledger.decisions.adjustments`).
"""

from __future__ import annotations

from typing import Final

from ledger.adjustments import ACCOUNTS, ONLY_UNDONE, correction_refusal, details_of
from ledger.case import Case
from ledger.chart import LIEN, WRITE_OFF
from ledger.errors import present
from ledger.guards.fields import id_refusal, malformed, money, text
from ledger.guards.used import transaction_in_use
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from ledger.wallet_status import currency_refusal
from schemas.messages.commands import ApproveAdjustment, ProposeAdjustment, RejectAdjustment
from schemas.messages.rows import AdjustmentRow
from schemas.messages.vocabulary import (
    AdjustmentDirection,
    RejectionReason,
    TransactionKind,
    TransactionState,
    WalletStatus,
)

COMMANDS: Final = (ProposeAdjustment, ApproveAdjustment, RejectAdjustment)
Body = ProposeAdjustment | ApproveAdjustment | RejectAdjustment


def shape(case: Case, body: Body) -> Refusal | None:
    """Refuse malformed fields; what can only be undone must name what it undoes."""
    if isinstance(body, ProposeAdjustment):
        return _proposal(case, body)
    return id_refusal(body.adjustment_id, "adjustment_id") or id_refusal(body.checker, "checker")


def _proposal(case: Case, body: ProposeAdjustment) -> Refusal | None:
    refusal = (
        text(body.reason, "reason")
        or text(body.ticket, "ticket")
        or id_refusal(body.maker, "maker")
    )
    if refusal is not None:
        return refusal
    if body.corrects is None:
        refusal = malformed("corrects") if (body.account, body.direction) in ONLY_UNDONE else None
    else:
        refusal = id_refusal(body.corrects, "corrects")
    return refusal or money(case.moment.programme, body.currency, body.amount, None)


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse an account outside the list, a step out of turn, and whoever checks himself."""
    if isinstance(body, ProposeAdjustment):
        if body.account not in ACCOUNTS:
            return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.account)
        return transaction_in_use(case) or correction_refusal(
            case.moment.view, case.wallet_id, details_of(body), body.currency, body.amount
        )
    path = (
        (TransactionState.PROCESSING, TransactionState.COMPLETED)
        if isinstance(body, ApproveAdjustment)
        else (TransactionState.FAILED,)
    )
    row = case.moment.view.transactions.get((case.wallet_id, body.adjustment_id))
    refusal = transition_refusal(row, TransactionKind.ADJUSTMENT, *path)
    if refusal is not None or isinstance(body, RejectAdjustment):
        return refusal
    return _approval(case, body)


def _approval(case: Case, body: ApproveAdjustment) -> Refusal | None:
    key = (case.wallet_id, body.adjustment_id)
    row = present(case.moment.view.transactions.get(key), "adjustment")
    details = _details(case, body.adjustment_id)
    if body.checker == row.maker or body.checker in details.checkers:
        return Refusal(RejectionReason.SELF_APPROVAL, "checker")
    return correction_refusal(case.moment.view, case.wallet_id, details, row.currency, row.amount)


def _details(case: Case, adjustment_id: str) -> AdjustmentRow:
    key = (case.wallet_id, adjustment_id)
    return present(case.moment.view.adjustments.get(key), "adjustment")


def status(case: Case, body: Body) -> Refusal | None:
    """A freeze stops what would pay or be paid; a lien or a write-off moves nothing in or out."""
    owner = case.owner()
    if isinstance(body, ProposeAdjustment):
        if owner.status is WalletStatus.CLOSED:
            return Refusal(RejectionReason.WALLET_NOT_ACTIVE, owner.status.name)
        return currency_refusal(owner, body.currency)
    if isinstance(body, RejectAdjustment):
        return None
    details = _details(case, body.adjustment_id)
    if details.account in (LIEN, WRITE_OFF):
        return None
    if details.direction is AdjustmentDirection.CREDIT_WALLET:
        return Refusal(RejectionReason.CREDIT_BLOCKED) if owner.credit_blocked else None
    return Refusal(RejectionReason.DEBIT_BLOCKED) if owner.debit_blocked else None
