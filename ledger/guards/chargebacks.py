"""Chargebacks: the guards of AdviseChargeback and ResolveChargeback.

Owns: what they must look like, and which state of top-up and chargeback allows them.
Never: money (`ledger.decisions.chargebacks`). A scheme takes what it takes: no status of the wallet
stops a chargeback.
"""

from __future__ import annotations

from typing import Final

from ledger.begun import id_in_use, transaction_of
from ledger.case import Case
from ledger.errors import present
from ledger.guards.fields import id_refusal, positive, text
from ledger.lifecycle import transition_refusal
from ledger.rails import CARD_IN
from ledger.refusal import Refusal
from schemas.messages.commands import AdviseChargeback, ResolveChargeback
from schemas.messages.rows import ExternalRefRow
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (AdviseChargeback, ResolveChargeback)
Body = AdviseChargeback | ResolveChargeback


def shape(body: Body) -> Refusal | None:
    """Refuse malformed rails, references, ids and amounts."""
    if isinstance(body, AdviseChargeback):
        return (
            id_refusal(body.rail, "rail") or text(body.ext_ref, "ext_ref") or positive(body.amount)
        )
    return id_refusal(body.chargeback_id, "chargeback_id")


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse a top-up that is not there, more than it was, and a chargeback that has ended."""
    if isinstance(body, AdviseChargeback):
        return id_in_use(case) or _top_up(case, body)
    row = transaction_of(case, body.chargeback_id)
    if row is None or row.kind is not TransactionKind.CHARGEBACK:
        return Refusal(RejectionReason.INVALID_TRANSITION, "chargeback_id")
    return transition_refusal(row, row.kind, TransactionState.PROCESSING)


def top_up_of(case: Case, body: AdviseChargeback) -> ExternalRefRow:
    """Return the top-up that a chargeback is about; the state guard has seen it."""
    return present(case.moment.view.external_refs.get((body.rail, body.ext_ref)), "top-up")


def _top_up(case: Case, body: AdviseChargeback) -> Refusal | None:
    if body.rail not in CARD_IN:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.rail)
    row = case.moment.view.external_refs.get((body.rail, body.ext_ref))
    if row is None or row.wallet_id != case.wallet_id:
        return Refusal(RejectionReason.INVALID_TRANSITION, "ext_ref")
    if body.amount > row.amount - row.charged_back:
        return Refusal(RejectionReason.REFUND_EXCEEDED, "amount")
    return None
