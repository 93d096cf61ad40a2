"""Escrows: money of a buyer that waits for milestones of a seller.

Owns: funding, releases and the refund of what is left, by the buyer or at the end of its life.
Never: decides who may release; whoever sends the commands does.

What is released is a payment of its own: under way it has the release's command id. A refund gives
back its share of the limits, and the count too when nothing was ever released; the escrow ends
REVERSED then, else COMPLETED.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import ESCROW, REVENUE_ESCROW
from ledger.decisions import travel
from ledger.decisions.landings import escrow_released, thing_of
from ledger.decisions.outgoing import attempted, cleared, consumed, consumption_of
from ledger.decisions.payment import Payment, is_full
from ledger.decisions.transactions import NOTHING_CONSUMED, changed, moved, row_of
from ledger.errors import present
from ledger.outgoing import Intent
from ledger.refusal import Refusal, accepted, rejected
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import FundEscrow, RefundEscrow, ReleaseEscrow
from schemas.messages.decisions import Event
from schemas.messages.events import OutflowGivenBack
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    Purpose,
    RejectionReason,
    Stage,
    TransactionKind,
    TransactionState,
)


def act(case: Case, body: FundEscrow | ReleaseEscrow | RefundEscrow) -> Verdict:
    """Return the verdict of a command about an escrow."""
    if isinstance(body, FundEscrow):
        return _fund(case, body)
    key = (case.wallet_id, body.escrow_id)
    row = present(case.moment.view.transactions.get(key), "escrow")
    if isinstance(body, ReleaseEscrow):
        return _release(case, key, row, body.amount)
    return _refunded(key, row, TransactionState.CANCELLED)


def expire(key: WalletKey, row: TransactionRow) -> Verdict:
    """Refund what is left at the end of the escrow's life."""
    return _refunded(key, row, TransactionState.EXPIRED)


def _fund(case: Case, body: FundEscrow) -> Verdict:
    """Counters, limits, funds and fraud decision as for any payment; the seller is asked later."""
    moment = case.moment
    intent = Intent(body.seller_wallet_id, body.currency, body.amount, body.amount)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    key = (case.wallet_id, case.command.command_id)
    row = row_of(
        TransactionKind.ESCROW,
        body.currency,
        body.amount,
        counterparty=body.seller_wallet_id,
        due=moment.at + body.ttl_s * SECOND_US if body.ttl_s else 0,
        consumption=consumption_of(outgoing),
    )
    owners = {"wallet": case.wallet_id, "thing": thing_of(key)}
    events: tuple[Event, ...] = (
        consumed(case, intent, outgoing),
        posted("F11.1", key, body.currency, owners, {"amount": body.amount}),
        *moved(key, row, TransactionState.PENDING),
    )
    return accepted(events, Stage.FINAL, risk)


def _release(case: Case, key: WalletKey, row: TransactionRow, amount: int) -> Verdict:
    """Send a milestone to the seller; its fee comes out of it, and back when the seller refuses."""
    moment = case.moment
    fee = moment.programme.fee(FeeFlow.ESCROW, amount)
    if is_full(moment, REVENUE_ESCROW, "", row.currency, fee):
        return rejected(Refusal(RejectionReason.AMOUNT_OVERFLOW, REVENUE_ESCROW))
    payment = _payment(case, key, row, amount - fee)
    owners = {"thing": thing_of(key), "home": travel.home_of(moment, row.counterparty)}
    amounts = {"total": amount, "amount": amount - fee, "fee": fee}
    away = changed(row, reserve=amount, due=-row.due)
    steps = moved(key, away, TransactionState.PROCESSING)
    departure: tuple[Event, ...] = (posted("F11.2", key, row.currency, owners, amounts), *steps)
    movement = travel.send(moment, payment, departure)
    if isinstance(movement, Refusal):
        return rejected(movement)
    if movement.stage is Stage.PENDING:
        return accepted(movement.events, movement.stage)
    return accepted((*movement.events, *escrow_released(key, steps[-1].row, payment.amount)))


def _payment(case: Case, key: WalletKey, row: TransactionRow, amount: int) -> Payment:
    return Payment(
        case.command.command_id,
        Purpose.ESCROW,
        key[0],
        row.counterparty,
        row.currency,
        amount,
        0,
        ESCROW,
        None,
        NOTHING_CONSUMED,
        key[1],
    )


def _refunded(key: WalletKey, row: TransactionRow, first: TransactionState) -> Verdict:
    rest = row.amount - row.done
    last = TransactionState.COMPLETED if row.done else TransactionState.REVERSED
    owners = {"thing": thing_of(key), "wallet": key[0]}
    back = OutflowGivenBack(
        key[0],
        row.entry,
        row.base_amount * rest // row.amount,
        row.day,
        row.month,
        row.done == 0,
    )
    after = changed(row, refunded=rest, due=0)
    return accepted(
        (
            posted("F11.4", key, row.currency, owners, {"amount": rest}),
            *moved(key, after, first, TransactionState.PROCESSING, last),
            back,
        )
    )
