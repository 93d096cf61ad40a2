"""Payouts: what a merchant may be paid is frozen, handed over, called off or brought back (F16).

Owns: the life of a MERCHANT_PAYOUT up to its rail, and its fee.
Never: settles; the treasury does, by the rail's own lines.

A fee that was earned stays earned: a payout that comes back is worth what left.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.catalogue import posted
from ledger.decisions.funding import payable_of
from ledger.decisions.transactions import changed, moved, row_of
from ledger.errors import present
from ledger.guards.payouts import Body, returned_state
from ledger.rails import payout
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import CancelPayout, FreezePayout, ReturnPayout, SubmitPayout
from schemas.messages.events import EntryPosted, ReferenceTaken
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    TransactionKind,
    TransactionState,
    WalletStatus,
)


def act(case: Case, body: Body) -> Verdict:
    """Return what a command of this family leads to."""
    if isinstance(body, FreezePayout):
        return _freeze(case, body)
    key = (case.wallet_id, body.transaction_id)
    row = present(case.moment.view.transactions.get(key), "payout")
    if isinstance(body, SubmitPayout):
        return _submit(case, body, row)
    if isinstance(body, CancelPayout):
        entry = _entry(case, body.transaction_id, row, "F16.1r")
        return accepted((entry, *moved(key, row, TransactionState.CANCELLED)))
    return _come_back(case, body, row)


def _freeze(case: Case, body: FreezePayout) -> Verdict:
    amount = payable_of(case.moment, case.wallet_id, body.currency)
    if amount == 0:
        return rejected(Refusal(RejectionReason.INSUFFICIENT_FUNDS, body.currency))
    row = row_of(TransactionKind.MERCHANT_PAYOUT, body.currency, amount)
    command_id = case.command.command_id
    entry = _entry(case, command_id, row, "F16.1")
    return accepted((entry, *moved((case.wallet_id, command_id), row, TransactionState.PENDING)))


def _submit(case: Case, body: SubmitPayout, row: TransactionRow) -> Verdict:
    fee = case.moment.programme.fee(FeeFlow.PAYOUT, row.amount)
    if fee >= row.amount:
        return rejected(Refusal(RejectionReason.AMOUNT_NOT_POSITIVE, "amount after fee"))
    name = body.transaction_id
    after = changed(row, fee=fee, done=row.amount, rail=body.rail, reference=body.ext_ref)
    taken = ReferenceTaken(
        case.wallet_id, payout(body.rail), body.ext_ref, name, row.currency, row.amount - fee
    )
    entry = _entry(case, name, after, "F16.2")
    steps = moved((case.wallet_id, name), after, TransactionState.PROCESSING)
    return accepted((entry, taken, *steps))


def _come_back(case: Case, body: ReturnPayout, row: TransactionRow) -> Verdict:
    name = body.transaction_id
    closed = case.owner().status is WalletStatus.CLOSED
    entry = _entry(case, name, row, "F16b.2u" if closed else "F16b.2")
    after = changed(row, refunded=row.amount - row.fee)
    ended = moved((case.wallet_id, name), after, returned_state(row), reason=body.reason_code)
    return accepted((entry, *ended))


def _entry(case: Case, name: str, row: TransactionRow, flow: str) -> EntryPosted:
    owners = {"wallet": case.wallet_id, "rail": row.rail}
    amounts = {"amount": row.amount, "fee": row.fee, "net": row.amount - row.fee}
    return posted(flow, (case.wallet_id, name), row.currency, owners, amounts)
