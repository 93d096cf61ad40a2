"""Landings: released escrows, claims and paid requests, on arrival and when they are answered.

Owns: what their money does at the recipient's partition, and what becomes of escrow and claim when
an ACK or a NACK is back.
Never: sends money; `ledger.decisions.escrows`, `.claims` and `.requests` do.

A thing whose money is under way is PROCESSING. Its timer sleeps then, as a negative `due`, and
wakes when the answer brings the thing back to PENDING; one whose time has come fires at once.
`reserve` of an escrow is what is under way of it, fee included.
At home there is no answer: the command that sends the money ends it too.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Moment
from ledger.catalogue import posted
from ledger.decisions.incoming import admit_leg
from ledger.decisions.transactions import changed, moved
from ledger.errors import present
from ledger.refusal import Refusal
from ledger.view import WalletKey
from schemas.messages.decisions import Event
from schemas.messages.events import EntryPosted, OutflowGivenBack
from schemas.messages.legs import Leg
from schemas.messages.rows import SagaRow, TransactionRow
from schemas.messages.vocabulary import (
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
    WalletKind,
)

Events = tuple[Event, ...]
PURPOSES: Final = frozenset({Purpose.ESCROW, Purpose.CLAIM, Purpose.REQUEST})


def thing_of(key: WalletKey) -> str:
    """Return the owner of an ESC or CLAIM account; no id contains the stroke between its parts."""
    return f"{key[0]}/{key[1]}"


def escrow_arrives(moment: Moment, leg: Leg) -> Events | Refusal:
    """A milestone is the seller's: payable to a merchant, available to anybody else."""
    admitted = admit_leg(moment, leg)
    if isinstance(admitted, Refusal):
        return admitted
    seller = present(moment.view.wallets.get(leg.to_wallet_id), "wallet")
    flow = "F11.3" if seller.kind is WalletKind.MERCHANT else "F11.3w"
    return (admitted, _arrived(flow, leg, leg.transfer_id))


def claim_arrives(moment: Moment, leg: Leg) -> Events | Refusal:
    """A claim is its recipient's."""
    admitted = admit_leg(moment, leg)
    if isinstance(admitted, Refusal):
        return admitted
    return (admitted, _arrived("F12.3", leg, leg.transfer_id))


def request_arrives(moment: Moment, leg: Leg) -> Events | Refusal:
    """A request is paid once, by whom it asked, what it asked for; refused, it stays open."""
    key = (leg.to_wallet_id, leg.about)
    row = moment.view.transactions.get(key)
    if row is None or not _is_asked_for(row, leg):
        return Refusal(RejectionReason.INVALID_TRANSITION, "request_id")
    admitted = admit_leg(moment, leg)
    if isinstance(admitted, Refusal):
        return admitted
    paid = changed(row, done=row.amount, due=0)
    steps = moved(key, paid, TransactionState.PROCESSING, TransactionState.COMPLETED)
    return (admitted, _arrived("F5.2", leg, leg.about), *steps)


def delivered(moment: Moment, leg: Leg) -> Events:
    """The recipient has the money: the thing goes on or ends."""
    if leg.src_partition == leg.dst_partition or leg.purpose is Purpose.REQUEST:
        return ()
    key = (leg.from_wallet_id, leg.about)
    row = present(moment.view.transactions.get(key), "transaction")
    if leg.purpose is Purpose.ESCROW:
        return escrow_released(key, row, leg.amount)
    return claim_taken(key, row)


def refused(moment: Moment, leg: Leg, saga: SagaRow) -> Events:
    """The recipient refused: money is back where it was, and the thing is open again."""
    if leg.purpose is Purpose.REQUEST:
        return _request_refused(leg, saga)
    key = (leg.from_wallet_id, saga.about)
    row = present(moment.view.transactions.get(key), "transaction")
    flow = "F11.2r" if leg.purpose is Purpose.ESCROW else "F12.2r"
    owners = {"thing": thing_of(key), "home": str(saga.to_partition)}
    total = row.reserve
    amounts = {"total": total, "amount": saga.amount, "fee": total - saga.amount}
    reason = (leg.reason or RejectionReason.NONE).name
    again = changed(row, reserve=0, due=-row.due)
    return (
        posted(flow, key, row.currency, owners, amounts),
        *moved(key, again, TransactionState.PENDING, reason=reason),
    )


def escrow_released(key: WalletKey, row: TransactionRow, amount: int) -> Events:
    """Part of an escrow has arrived as `amount`, after its fee; the last part ends it."""
    done = row.done + row.reserve
    fee = row.fee + row.reserve - amount
    if done == row.amount:
        whole = changed(row, done=done, fee=fee, reserve=0, due=0)
        return moved(key, whole, TransactionState.COMPLETED)
    part = changed(row, done=done, fee=fee, reserve=0, due=-row.due)
    return moved(key, part, TransactionState.PENDING)


def claim_taken(key: WalletKey, row: TransactionRow) -> Events:
    """A claim has arrived."""
    return moved(key, changed(row, done=row.amount, due=0), TransactionState.COMPLETED)


def _is_asked_for(row: TransactionRow, leg: Leg) -> bool:
    return (
        row.kind is TransactionKind.REQUEST_MONEY
        and row.state is TransactionState.PENDING
        and row.counterparty == leg.from_wallet_id
        and row.currency == leg.currency
        and row.amount == leg.amount
    )


def _arrived(flow: str, leg: Leg, transaction_id: str) -> EntryPosted:
    return posted(
        flow,
        (leg.to_wallet_id, transaction_id),
        leg.currency,
        {"home": str(leg.src_partition), "wallet": leg.to_wallet_id},
        {"amount": leg.amount},
    )


def _request_refused(leg: Leg, saga: SagaRow) -> Events:
    payer = leg.from_wallet_id
    owners = {"wallet": payer, "home": str(saga.to_partition)}
    amounts = {"total": saga.amount + saga.fee, "amount": saga.amount, "fee": saga.fee}
    back = OutflowGivenBack(
        payer,
        saga.entry,
        saga.base_amount,
        saga.day,
        saga.month,
        True,  # noqa: FBT003 - positional like the schema
    )
    return (posted("F5b.2", (payer, leg.transfer_id), saga.currency, owners, amounts), back)
