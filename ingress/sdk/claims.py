"""Claims: money that was sent to an alias before anybody had registered it.

Owns: which claims are open, as the log says, and the command that takes one.
Never: knows whose an alias is. Whoever sends these commands has made sure of that: the ledger hands
a claim to the wallet that it is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

from ingress.sdk.producer import stamp
from schemas.messages.commands import AcceptClaim, WalletCommand
from schemas.messages.decisions import Decision
from schemas.messages.events import TransactionMoved
from schemas.messages.vocabulary import TransactionKind, TransactionState

DIGEST_CHARS: Final = 32


class OpenClaim(NamedTuple):
    """Money that waits: the sender's wallet, the claim in it, and how much, minor units."""

    sender: str
    claim_id: str
    currency: str
    amount: int


def open_claims(decisions: Iterable[Decision], alias_hash: str) -> list[OpenClaim]:
    """Return the claims of an alias that wait at the end of these Decisions, oldest first."""
    found: dict[tuple[str, str], OpenClaim] = {}
    for decision in decisions:
        for event in decision.events:
            if isinstance(event, TransactionMoved) and _is_for(event, alias_hash):
                key, row = (event.wallet_id, event.transaction_id), event.row
                if row.state is TransactionState.PENDING:
                    found[key] = OpenClaim(*key, row.currency, row.amount)
                else:
                    found.pop(key, None)
    return list(found.values())


def acceptance(claim: OpenClaim, to_wallet_id: str, *, attempt: int = 1) -> WalletCommand:
    """Return the command that takes a claim to a wallet; the same one however often it is made.

    A claim that the wallet refused is open again: another attempt has another number, since a
    declined command stays declined.
    """
    content = f"{claim.sender}\0{claim.claim_id}\0{to_wallet_id}\0{attempt}"
    command_id = f"claim-{sha256(content.encode()).hexdigest()[:DIGEST_CHARS]}"
    body = AcceptClaim(claim.claim_id, to_wallet_id)
    return stamp(claim.sender, body, command_id=command_id)


def _is_for(event: TransactionMoved, alias_hash: str) -> bool:
    row = event.row
    return row.kind is TransactionKind.P2P_CLAIM and row.counterparty == alias_hash
