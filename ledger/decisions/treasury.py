"""Treasury: balances brought over, what happens at our banks, receipts without an owner.

Owns: the events of MigrateBalance, BookTreasury and AllocateSuspense.
Never: says which fields a step has (`ledger.treasury`), or which accounts (`ledger.catalogue`);
follows suspense money after it left (`ledger.decisions.suspense`).
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case, Moment
from ledger.catalogue import posted
from ledger.chart import SUSPENSE
from ledger.decisions import travel
from ledger.decisions.payment import Payment
from ledger.decisions.room import room_refusal
from ledger.decisions.suspense import receipt_of, with_allocated
from ledger.decisions.transactions import NOTHING_CONSUMED, moved, row_of
from ledger.refusal import Refusal, accepted, rejected
from ledger.treasury import OPENING, RECEIPT, RECEIVED, STEPS
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import AllocateSuspense, BookTreasury, Command, MigrateBalance
from schemas.messages.events import EntryPosted, ReferenceTaken, TransactionMoved
from schemas.messages.vocabulary import (
    Purpose,
    RejectionReason,
    Stage,
    TransactionKind,
    TransactionState,
)

PENDING: Final = TransactionState.PENDING
PROCESSING: Final = TransactionState.PROCESSING
COMPLETED: Final = TransactionState.COMPLETED


def act(case: Case, body: Command) -> Verdict:
    """Carry out a command that the guards let pass."""
    if isinstance(body, MigrateBalance):
        return _migrate(case, body)
    if isinstance(body, BookTreasury):
        return _book(case, body)
    assert isinstance(body, AllocateSuspense)
    return _allocate(case, body)


def _migrate(case: Case, body: MigrateBalance) -> Verdict:
    subject = (case.wallet_id, case.command.command_id)
    owners = {"wallet": case.wallet_id}
    entry = posted(OPENING, subject, body.currency, owners, {"amount": body.amount})
    taken = ReferenceTaken(
        *(case.wallet_id, OPENING, body.ext_ref, case.command.command_id),
        *(body.currency, body.amount),
    )
    return _fitting(case, entry, (taken,))


def _book(case: Case, body: BookTreasury) -> Verdict:
    subject = (case.wallet_id, case.command.command_id)
    flow = STEPS[body.flow].flow
    cost = body.cost or 0
    amounts = {
        "amount": body.amount,
        "cost": cost,
        "net": body.amount - cost,
        "sold": body.other_amount or 0,
    }
    owners = {"account": body.account or "", "rail": body.rail or "", "reason": RECEIVED}
    entry = posted(flow, subject, body.currency, owners, amounts, body.other_currency or "")
    taken = ReferenceTaken(
        *(case.wallet_id, flow, body.ext_ref, case.command.command_id),
        *(body.currency, body.amount),
    )
    return _fitting(case, entry, (taken, *_received(subject, body)))


def _received(subject: WalletKey, body: BookTreasury) -> tuple[TransactionMoved, ...]:
    if body.flow is not RECEIPT:
        return ()
    kind = TransactionKind.SUSPENSE_RECEIPT
    return moved(subject, row_of(kind, body.currency, body.amount, reference=body.ext_ref), PENDING)


def _fitting(case: Case, entry: EntryPosted, events: travel.Events) -> Verdict:
    full = room_refusal(case.moment, entry)
    return accepted((*events, entry)) if full is None else rejected(full)


def _allocate(case: Case, body: AllocateSuspense) -> Verdict:
    moment = case.moment
    key, receipt = receipt_of(moment, body.ext_ref)
    if receipt.currency != body.currency or receipt.amount - receipt.done < body.amount:
        return rejected(Refusal(RejectionReason.INSUFFICIENT_FUNDS, SUSPENSE))
    subject = (case.wallet_id, case.command.command_id)
    movement = travel.send(moment, _payment(subject, body), (_left(moment, subject, body),))
    if isinstance(movement, Refusal):
        return rejected(movement)
    allocation = row_of(
        TransactionKind.SUSPENSE_ALLOCATION,
        body.currency,
        body.amount,
        counterparty=body.to_wallet_id,
        reference=body.ext_ref,
    )
    at_home = movement.stage is Stage.FINAL
    steps = moved(subject, allocation, COMPLETED if at_home else PROCESSING)
    taken = with_allocated(key, receipt, receipt.done + body.amount)
    return accepted((taken, *steps, *movement.events), movement.stage)


def _payment(subject: WalletKey, body: AllocateSuspense) -> Payment:
    return Payment(
        subject[1],
        Purpose.SUSPENSE,
        subject[0],
        body.to_wallet_id,
        body.currency,
        body.amount,
        0,
        SUSPENSE,
        None,
        NOTHING_CONSUMED,
    )


def _left(moment: Moment, subject: WalletKey, body: AllocateSuspense) -> EntryPosted:
    owners = {"reason": RECEIVED, "peer": travel.home_of(moment, body.to_wallet_id)}
    return posted("F19.2", subject, body.currency, owners, {"amount": body.amount})
