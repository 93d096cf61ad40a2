"""Claims: the guards of SendToAlias, AcceptClaim and CancelClaim.

Owns: their fields, and what the lifecycle of a claim allows.
Never: knows who is behind an alias; the alias service does, and says so by AcceptClaim.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case
from ledger.guards.fields import id_refusal, money, self_transfer, text
from ledger.guards.unused import unused
from ledger.lifecycle import transition_refusal
from ledger.refusal import Refusal
from ledger.standing import debit_refusal, handover_refusal
from schemas.messages.commands import AcceptClaim, CancelClaim, SendToAlias
from schemas.messages.vocabulary import TransactionKind, TransactionState

COMMANDS: Final = (SendToAlias, AcceptClaim, CancelClaim)
Body = SendToAlias | AcceptClaim | CancelClaim


def shape(case: Case, body: Body) -> Refusal | None:
    """Check alias, ids and amount."""
    if isinstance(body, SendToAlias):
        return text(body.alias_hash, "alias_hash") or money(
            case.moment.programme, body.currency, body.amount, None
        )
    if isinstance(body, AcceptClaim):
        return (
            id_refusal(body.claim_id, "claim_id")
            or id_refusal(body.to_wallet_id, "to_wallet_id")
            or self_transfer(case.wallet_id, body.to_wallet_id)
        )
    return id_refusal(body.claim_id, "claim_id")


def state(case: Case, body: Body) -> Refusal | None:
    """Refuse what the claim as it stands does not allow."""
    if isinstance(body, SendToAlias):
        return unused(case)
    row = case.moment.view.transactions.get((case.wallet_id, body.claim_id))
    kind = TransactionKind.P2P_CLAIM
    if isinstance(body, CancelClaim):
        return transition_refusal(row, kind, TransactionState.CANCELLED)
    return unused(case) or transition_refusal(
        row, kind, TransactionState.PROCESSING, TransactionState.COMPLETED
    )


def status(case: Case, body: Body) -> Refusal | None:
    """Refuse what the sender's status does not allow; a cancel only gives back."""
    if isinstance(body, SendToAlias):
        return debit_refusal(case, body.currency)
    return handover_refusal(case) if isinstance(body, AcceptClaim) else None
