"""Guards of suspended sales.

Owns: shape, state and status of AllocateSale.
Never: asks the merchant; its own partition does.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.decisions.suspended import name_of
from ledger.guards.fields import malformed, payment_id, self_transfer
from ledger.guards.sales import closed
from ledger.guards.unused import unused
from ledger.refusal import Refusal
from schemas.messages.commands import AllocateSale
from schemas.messages.vocabulary import RejectionReason, TransactionState, WalletKind
from schemas.values import WALLET_ID

COMMANDS: Final = (AllocateSale,)


def shape(case: Case, body: AllocateSale) -> Refusal | None:
    """Refuse what no state could make right."""
    refusal = payment_id(body.payment_id)
    if refusal is not None:
        return refusal
    if body.sequence < 1:
        return malformed("sequence")
    if WALLET_ID.fullmatch(body.to_wallet_id) is None:
        return malformed("to_wallet_id")
    return self_transfer(case.wallet_id, body.to_wallet_id)


def state(case: Case, body: AllocateSale) -> Refusal | None:
    """Refuse whom it is not asked of, and a sale that is not suspended here, or no more."""
    if case.owner().kind is not WalletKind.TREASURY:
        return Refusal(RejectionReason.UNKNOWN_ACCOUNT, case.owner().kind.name)
    row = case.moment.view.suspended_sales.get(name_of(body.payment_id, body.sequence))
    if row is None:
        return Refusal(RejectionReason.INVALID_TRANSITION, "payment_id")
    if row.state is not TransactionState.PENDING:
        return Refusal(RejectionReason.INVALID_TRANSITION, row.state.name)
    return unused(case)


def status(case: Case) -> Refusal | None:
    """Refuse a closed wallet; suspense does not leave a frozen one."""
    refusal = closed(case)
    if refusal is None and case.owner().debit_blocked:
        return Refusal(RejectionReason.DEBIT_BLOCKED)
    return refusal
