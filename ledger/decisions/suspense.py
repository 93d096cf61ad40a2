"""Suspense: receipts without an owner, and their money on its way to one.

Owns: what suspense money does where it arrives, was delivered or was refused; how much of a receipt
has no owner yet.
Never: sends it (`ledger.decisions.treasury`).

A receipt (F19.1) is a transaction that says how much of SUSP:in has no owner yet: `done` is what
was allocated. Each allocation is a transaction of its own, which names the receipt's reference.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Moment
from ledger.catalogue import posted
from ledger.decisions.incoming import admit
from ledger.decisions.room import room_refusal
from ledger.decisions.transactions import amended, changed, moved
from ledger.errors import present
from ledger.refusal import Refusal
from ledger.treasury import RECEIPT, RECEIVED, STEPS
from ledger.view import WalletKey
from schemas.messages.decisions import Event
from schemas.messages.events import TransactionMoved
from schemas.messages.legs import Leg
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import RejectionReason, TransactionState

Events = tuple[Event, ...]
PENDING: Final = TransactionState.PENDING
COMPLETED: Final = TransactionState.COMPLETED


def arrive(moment: Moment, leg: Leg) -> Events | Refusal:
    """Credit the wallet that a receipt is for, within its limits, or refuse."""
    if leg.amount <= 0:
        return Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount")
    admitted = admit(moment, leg.to_wallet_id, leg.currency, leg.amount)
    if isinstance(admitted, Refusal):
        return admitted
    subject = (leg.to_wallet_id, leg.transfer_id)
    owners = {"peer": str(leg.src_partition), "wallet": leg.to_wallet_id}
    entry = posted("F19.3", subject, leg.currency, owners, {"amount": leg.amount})
    return room_refusal(moment, entry) or (admitted, entry)


def delivered(moment: Moment, leg: Leg) -> Events:
    """End the allocation; one to this partition was begun and ended in the same Decision."""
    key = (leg.from_wallet_id, leg.transfer_id)
    row = moment.view.transactions.get(key)
    return () if row is None else moved(key, row, COMPLETED)


def refused(moment: Moment, leg: Leg) -> Events:
    """Put the money back into SUSP:in, where it waits for its owner again."""
    subject = (leg.from_wallet_id, leg.transfer_id)
    row = present(moment.view.transactions.get(subject), "allocation")
    key, receipt = receipt_of(moment, row.reference)
    owners = {"reason": RECEIVED, "peer": str(leg.src_partition)}
    entry = posted("F19b.1", subject, row.currency, owners, {"amount": row.amount})
    return (
        *moved(subject, row, TransactionState.FAILED),
        with_allocated(key, receipt, receipt.done - row.amount),
        entry,
    )


def receipt_of(moment: Moment, ext_ref: str) -> tuple[WalletKey, TransactionRow]:
    """Return the receipt of a reference, which the state guard has seen."""
    used = moment.view.external_refs.get((STEPS[RECEIPT].flow, ext_ref))
    found = present(used, "receipt")
    key = (found.wallet_id, found.command_id)
    return key, present(moment.view.transactions.get(key), "receipt")


def with_allocated(key: WalletKey, receipt: TransactionRow, done: int) -> TransactionMoved:
    """Return the receipt with so much allocated; it is pending while something has no owner."""
    row = changed(receipt, done=done)
    state = COMPLETED if done == receipt.amount else PENDING
    return amended(key, row) if state is receipt.state else moved(key, row, state)[0]
