"""Guards of payouts: what a merchant may be paid leaves by a rail.

Owns: shape, state and status of FreezePayout, SubmitPayout, CancelPayout and ReturnPayout.
Never: which lines a bank sent; whoever sends ReturnPayout did that.

To freeze or to hand over is to pay, so a merchant whose debits are blocked refuses that; to cancel
or to bring back gives back, so no status stops those.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, text
from ledger.guards.sales import no_merchant
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.rails import BANK_OUT, payout
from ledger.refusal import Refusal
from ledger.standing import payout_refusal
from schemas.messages.commands import CancelPayout, FreezePayout, ReturnPayout, SubmitPayout
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

COMMANDS: Final = (FreezePayout, SubmitPayout, CancelPayout, ReturnPayout)
Body = FreezePayout | SubmitPayout | CancelPayout | ReturnPayout


def shape(case: Case, body: Body) -> Refusal | None:
    """Refuse unknown currencies and malformed ids, rails, references and reasons."""
    if isinstance(body, FreezePayout):
        if body.currency not in case.moment.programme.currencies:
            return Refusal(RejectionReason.UNKNOWN_CURRENCY, body.currency)
        return None
    refusal = id_refusal(body.transaction_id, "transaction_id")
    if isinstance(body, SubmitPayout):
        return refusal or id_refusal(body.rail, "rail") or text(body.ext_ref, "ext_ref")
    if isinstance(body, ReturnPayout):
        return refusal or text(body.reason_code, "reason_code")
    return refusal


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse who is no merchant, and a payout that is not there or past that."""
    if isinstance(body, FreezePayout):
        return no_merchant(case) or unused(case)
    row = case.moment.view.transactions.get((case.wallet_id, body.transaction_id))
    refusal = transition_refusal(row, TransactionKind.MERCHANT_PAYOUT, _after(body, row))
    if refusal is None and isinstance(body, SubmitPayout):
        return _rail(case, body)
    return refusal


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse to pay a merchant out whose money must stay."""
    if isinstance(body, FreezePayout):
        return payout_refusal(case, body.currency)
    if isinstance(body, SubmitPayout) and case.owner().debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return None


def returned_state(row: TransactionRow | None) -> TransactionState:
    """Return where a payout ends that comes back: FAILED when it was still with the rail."""
    if row is not None and row.state is TransactionState.PROCESSING:
        return TransactionState.FAILED
    return TransactionState.REVERSED


def _after(
    body: SubmitPayout | CancelPayout | ReturnPayout, row: TransactionRow | None
) -> TransactionState:
    if isinstance(body, SubmitPayout):
        return TransactionState.PROCESSING
    return TransactionState.CANCELLED if isinstance(body, CancelPayout) else returned_state(row)


def _rail(case: Case, body: SubmitPayout) -> Refusal | None:
    if body.rail not in BANK_OUT:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, body.rail)
    if case.moment.view.external_refs.get((payout(body.rail), body.ext_ref)) is not None:
        return Refusal(RejectionReason.DUPLICATE_EXTERNAL_REF, "ext_ref")
    return None
