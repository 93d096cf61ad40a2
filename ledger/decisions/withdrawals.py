"""Withdrawals: money that leaves by a bank rail, and what comes back of it.

Owns: flows F3.1, F3.2, F3b.2 and F3c.5.
Never: the bank's own side (F3.3, F3c.4), which is the treasury's.

A withdrawal is judged like a transfer, and its payee is the beneficiary; a review refuses it. It
waits in W.POUT with its fee until it is handed over. The policy says whether the fee of one that
comes back is refunded. A withdrawal that is cancelled or comes back has failed, so it gives back
amount and count of what it consumed. What comes back for a wallet that was closed meanwhile goes on
to UNCLAIMED (F21.1).
"""

from __future__ import annotations

from typing import Final

from ledger.begun import known
from ledger.case import Case
from ledger.catalogue import posted
from ledger.decisions.outgoing import attempted, cleared, consumed, consumption_of
from ledger.decisions.room import no_room
from ledger.decisions.transactions import changed, moved, row_of
from ledger.guards.withdrawals import Body, returned_state
from ledger.outgoing import Intent
from ledger.rails import payout
from ledger.refusal import accepted, rejected
from ledger.verdict import Verdict
from schemas.messages.commands import (
    CancelWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
    Withdraw,
)
from schemas.messages.events import EntryPosted, OutflowGivenBack, ReferenceTaken
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    OutflowFamily,
    Stage,
    TransactionKind,
    TransactionState,
    WalletStatus,
)

TO_BE_SUBMITTED: Final = "approval"


def act(case: Case, body: Body) -> Verdict:
    """Return the verdict of a command of this family."""
    if isinstance(body, Withdraw):
        return _withdraw(case, body)
    if isinstance(body, SubmitWithdrawal):
        return _submit(case, body)
    if isinstance(body, CancelWithdrawal):
        return _cancel(case, body)
    return _come_back(case, body)


def _withdraw(case: Case, body: Withdraw) -> Verdict:
    fee = case.moment.programme.fee(FeeFlow.WITHDRAWAL, body.amount)
    total = body.amount + fee
    family = OutflowFamily.WITHDRAWAL
    payee, rail = body.beneficiary, body.rail
    intent = Intent(payee, body.currency, body.amount, total, family, rail)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    row = row_of(
        TransactionKind.WITHDRAWAL,
        body.currency,
        body.amount,
        fee=fee,
        counterparty=body.beneficiary,
        rail=body.rail,
        consumption=consumption_of(outgoing),
    )
    subject = (case.wallet_id, case.command.command_id)
    pending = moved(subject, row, TransactionState.PENDING, reason=TO_BE_SUBMITTED)
    entry = _entry(subject, row, "F3.1", fee)
    return accepted((consumed(case, intent, outgoing), *pending, entry), Stage.FINAL, risk)


def _submit(case: Case, body: SubmitWithdrawal) -> Verdict:
    row = known(case, body.transaction_id)
    subject = (case.wallet_id, body.transaction_id)
    entry = _entry(subject, row, "F3.2", row.fee)
    full = no_room(case.moment, entry)
    if full is not None:
        return rejected(full)
    after = changed(row, done=row.amount, reference=body.ext_ref)
    taken = ReferenceTaken(
        case.wallet_id, payout(row.rail), body.ext_ref, subject[1], row.currency, row.amount
    )
    return accepted((*moved(subject, after, TransactionState.PROCESSING), taken, entry))


def _cancel(case: Case, body: CancelWithdrawal) -> Verdict:
    row = known(case, body.transaction_id)
    subject = (case.wallet_id, body.transaction_id)
    after = changed(row, refunded=row.amount, fee_refunded=row.fee)
    return accepted(
        (
            *moved(subject, after, TransactionState.CANCELLED),
            _given_back(case.wallet_id, row),
            _entry(subject, row, "F3b.2", row.fee),
        )
    )


def _come_back(case: Case, body: ReturnWithdrawal) -> Verdict:
    row = known(case, body.transaction_id)
    subject = (case.wallet_id, body.transaction_id)
    refunds = case.moment.programme.policy.withdrawal_return_refunds_fee
    fee = row.fee if refunds else 0
    entries = [_entry(subject, row, "F3c.5", fee)]
    if case.owner().status is WalletStatus.CLOSED:
        amounts = {"amount": row.amount + fee}
        owners = {"wallet": case.wallet_id}
        entries.append(posted("F21.1", subject, row.currency, owners, amounts))
    full = no_room(case.moment, *entries)
    if full is not None:
        return rejected(full)
    after = changed(row, refunded=row.amount, fee_refunded=fee)
    ended = moved(subject, after, returned_state(row), reason=body.reason_code)
    return accepted((*ended, _given_back(case.wallet_id, row), *entries))


def _given_back(wallet_id: str, row: TransactionRow) -> OutflowGivenBack:
    return OutflowGivenBack(
        wallet_id,
        row.entry,
        row.base_amount,
        row.day,
        row.month,
        True,  # noqa: FBT003 - positional like the schema
        OutflowFamily.WITHDRAWAL,
    )


def _entry(subject: tuple[str, str], row: TransactionRow, flow: str, fee: int) -> EntryPosted:
    owners = {"wallet": subject[0], "rail": row.rail}
    amounts = {"amount": row.amount, "fee": fee, "total": row.amount + fee}
    return posted(flow, subject, row.currency, owners, amounts)
