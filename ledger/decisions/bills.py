"""Bills: money for a biller, collected here and remitted by treasury.

Owns: the payment of a bill with its fee, and its way back when the biller rejects it.
Never: remits (F14.2).

A wallet may be closed before its biller says no: its money is unclaimed then.
"""

from __future__ import annotations

from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import BILLER, REVENUE_BILL
from ledger.decisions.outgoing import attempted, cleared, consumed, consumption_of, refused
from ledger.decisions.payment import is_full
from ledger.decisions.transactions import changed, moved, row_of
from ledger.errors import present
from ledger.outgoing import Intent
from ledger.refusal import Refusal, accepted
from ledger.verdict import Verdict
from schemas.messages.commands import PayBill, RejectBill
from schemas.messages.decisions import Event
from schemas.messages.events import OutflowGivenBack
from schemas.messages.vocabulary import (
    FeeFlow,
    RejectionReason,
    Stage,
    TransactionKind,
    TransactionState,
    WalletStatus,
)


def act(case: Case, body: PayBill | RejectBill) -> Verdict:
    """Return the verdict of a command about a bill."""
    return _pay(case, body) if isinstance(body, PayBill) else _reject(case, body)


def _pay(case: Case, body: PayBill) -> Verdict:
    """Final for the customer at once: the biller has its money from us."""
    fee = case.moment.programme.fee(FeeFlow.BILL, body.amount)
    total = body.amount + fee
    intent = Intent(f"biller/{body.biller}", body.currency, body.amount, total)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    full = _room(case, body, fee)
    if full is not None:
        return refused(case, outgoing, full)
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    key = (case.wallet_id, case.command.command_id)
    row = row_of(
        TransactionKind.BILL_PAYMENT,
        body.currency,
        body.amount,
        fee=fee,
        counterparty=body.biller,
        reference=body.bill_ref,
        consumption=consumption_of(outgoing),
    )
    owners = {"wallet": case.wallet_id, "biller": body.biller}
    amounts = {"total": total, "amount": body.amount, "fee": fee}
    paid = changed(row, done=body.amount)
    events: tuple[Event, ...] = (
        consumed(case, intent, outgoing),
        posted("F14.1", key, body.currency, owners, amounts),
        *moved(key, paid, TransactionState.PROCESSING, TransactionState.COMPLETED),
    )
    return accepted(events, Stage.FINAL, risk)


def _room(case: Case, body: PayBill, fee: int) -> Refusal | None:
    if is_full(case.moment, BILLER, body.biller, body.currency, body.amount):
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, BILLER)
    if is_full(case.moment, REVENUE_BILL, "", body.currency, fee):
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, REVENUE_BILL)
    return None


def _reject(case: Case, body: RejectBill) -> Verdict:
    key = (case.wallet_id, body.transaction_id)
    row = present(case.moment.view.transactions.get(key), "bill payment")
    flow = "F14b.2u" if case.owner().status is WalletStatus.CLOSED else "F14b.2"
    owners = {"wallet": case.wallet_id, "biller": row.counterparty}
    amounts = {"total": row.amount + row.fee, "amount": row.amount, "fee": row.fee}
    back = OutflowGivenBack(
        case.wallet_id,
        row.entry,
        row.base_amount,
        row.day,
        row.month,
        True,  # noqa: FBT003 - positional like the schema
    )
    after = changed(row, refunded=row.amount, fee_refunded=row.fee)
    return accepted(
        (
            posted(flow, key, row.currency, owners, amounts),
            *moved(key, after, TransactionState.REVERSED, reason=body.reason_code),
            back,
        )
    )
