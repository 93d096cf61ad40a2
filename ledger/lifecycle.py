"""Lifecycles: which way each kind of transaction may go.

Owns: the transition tables of transactions; no other file knows what may follow what.
Never: touches balances or rows.

A kind's line reads `state:following`, by the initials of `INITIALS`; a state without a line is
final. What a table does not list is refused as INVALID_TRANSITION and changes nothing.

    I initiated   P pending (clearing, approval, review, claim, capture)   X processing
    C completed   S settled with rail or bank   F failed   K cancelled   E expired
    R reversed in full   D disputed
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.refusal import Refusal
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

INITIALS: Final[Mapping[str, TransactionState]] = MappingProxyType(
    {
        "I": TransactionState.INITIATED,
        "P": TransactionState.PENDING,
        "X": TransactionState.PROCESSING,
        "C": TransactionState.COMPLETED,
        "S": TransactionState.SETTLED,
        "F": TransactionState.FAILED,
        "K": TransactionState.CANCELLED,
        "E": TransactionState.EXPIRED,
        "R": TransactionState.REVERSED,
        "D": TransactionState.DISPUTED,
    }
)
_TEXTS: Final[dict[TransactionKind, str]] = {
    TransactionKind.TOPUP_CARD: "I:PXF P:XFEK X:CF C:RDS D:CRS S:RD",
    TransactionKind.TOPUP_BANK: "I:PF P:XFK X:CF C:RDS D:CRS S:RD",
    TransactionKind.WITHDRAWAL: "I:PF P:XFEK X:CF C:RS S:R",
    TransactionKind.P2P: "I:PXCF P:XCFEK X:PCF C:RD D:CR",
    TransactionKind.P2P_CLAIM: "I:PF P:XFEK X:PC C:RD D:CR",
    TransactionKind.PAYMENT: "I:PXCF P:XCFEK X:CF C:RDS D:CRS S:RD",
    TransactionKind.PAYMENT_AUTH: "I:PF P:XFEK X:PCF C:RDS D:CRS S:RD",
    TransactionKind.REFUND: "I:PXF P:XFEK X:CF C:RS S:R",
    TransactionKind.ESCROW: "I:PF P:XEDK X:PCR C:S E:X D:X K:X",
    TransactionKind.REQUEST_MONEY: "I:PF P:XFEK X:PCF",
    TransactionKind.BILL_PAYMENT: "I:PXF P:XFEK X:CF C:RS S:R",
    TransactionKind.FX_CONVERSION: "I:PCF P:CFEK C:R",
    TransactionKind.MERCHANT_PAYOUT: "I:PF P:XFK X:CF C:RS S:R",
    TransactionKind.REWARD: "I:PCF P:CFK C:RE",
    TransactionKind.ADJUSTMENT: "I:PF P:XFEK X:CF C:R",
    TransactionKind.DISPUTE: "I:PF P:XEK X:CFR",
    TransactionKind.CHARGEBACK: "I:PF P:XEK X:CFR",
    # P: some of the receipt has no owner yet. C: all of it was allocated.
    TransactionKind.SUSPENSE_RECEIPT: "I:P P:C C:PS",
    TransactionKind.SUSPENSE_ALLOCATION: "I:CX X:CF",
}


def _table(text: str) -> dict[TransactionState, frozenset[TransactionState]]:
    table: dict[TransactionState, frozenset[TransactionState]] = {}
    for each in text.split(" "):
        before, following = each.split(":")
        table[INITIALS[before]] = frozenset(INITIALS[after] for after in following)
    return table


# Kind -> state -> the states that may follow.
TRANSITIONS: Final[
    Mapping[TransactionKind, Mapping[TransactionState, frozenset[TransactionState]]]
] = MappingProxyType({kind: MappingProxyType(_table(text)) for kind, text in _TEXTS.items()})
NOTHING: Final[frozenset[TransactionState]] = frozenset()
# Somebody still waits for the end of a transaction in one of these: its wallet cannot be closed.
UNDER_WAY: Final = frozenset(
    {TransactionState.PENDING, TransactionState.PROCESSING, TransactionState.DISPUTED}
)

# Kinds that are with a rail while they are processed: its settlement completes them too. The
# others wait for another partition then, whose answer must find them where they are.
AT_RAIL: Final = frozenset(
    {TransactionKind.WITHDRAWAL, TransactionKind.MERCHANT_PAYOUT, TransactionKind.BILL_PAYMENT}
)


def may_follow(kind: TransactionKind, before: TransactionState, after: TransactionState) -> bool:
    """Tell whether a transaction of the kind may go from one state to another."""
    return after in TRANSITIONS[kind].get(before, NOTHING)


def transition_refusal(
    row: TransactionRow | None, kind: TransactionKind, *path: TransactionState
) -> Refusal | None:
    """Refuse a command about a transaction that is not there, of another kind, or past that."""
    if row is None or row.kind is not kind:
        return Refusal(RejectionReason.INVALID_TRANSITION, "transaction_id")
    before = row.state
    for after in path:
        if not may_follow(kind, before, after):
            return Refusal(RejectionReason.INVALID_TRANSITION, before.name)
        before = after
    return None


def settlement_path(row: TransactionRow) -> tuple[TransactionState, ...]:
    """Return the steps to SETTLED from where a match may find a transaction; none from elsewhere.

    The end of a dispute may lead to SETTLED too, but no match ends a dispute.
    """
    if row.state is TransactionState.COMPLETED:
        return (TransactionState.SETTLED,)
    if row.kind in AT_RAIL and row.state is TransactionState.PROCESSING:
        return (TransactionState.COMPLETED, TransactionState.SETTLED)
    return ()
