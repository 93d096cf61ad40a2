"""Requests for money: one wallet asks, another one pays.

Owns: the life of a request at the requester's wallet, and its payment at the payer's.
Never: moves money because of a request alone.

A payment is a transfer with a transfer's fee that names the request; where the request lives it
arrives only if it is open, for this payer, currency and amount. Refused, the request stays open.
"""

from __future__ import annotations

from ledger.calendar import SECOND_US
from ledger.case import Case
from ledger.catalogue import posted
from ledger.chart import AVAILABLE, REVENUE_TRANSFER
from ledger.decisions import travel
from ledger.decisions.outgoing import attempted, cleared, consumption_of, paid, refused
from ledger.decisions.payment import Movement, Payment, is_full
from ledger.decisions.transactions import changed, moved, row_of
from ledger.errors import present
from ledger.outgoing import Intent, Outgoing
from ledger.refusal import Refusal, accepted
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import CancelRequest, PayRequest, RequestMoney
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeFlow,
    OutflowFamily,
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
)


def act(case: Case, body: RequestMoney | CancelRequest | PayRequest) -> Verdict:
    """Return the verdict of a command about a request."""
    if isinstance(body, PayRequest):
        return _pay(case, body)
    if isinstance(body, RequestMoney):
        return _ask(case, body)
    key = (case.wallet_id, body.request_id)
    row = present(case.moment.view.transactions.get(key), "request")
    return _ended(key, row, TransactionState.CANCELLED)


def expire(key: WalletKey, row: TransactionRow) -> Verdict:
    """Nobody paid in time."""
    return _ended(key, row, TransactionState.EXPIRED)


def _ended(key: WalletKey, row: TransactionRow, state: TransactionState) -> Verdict:
    return accepted(moved(key, changed(row, due=0), state))


def _ask(case: Case, body: RequestMoney) -> Verdict:
    row = row_of(
        TransactionKind.REQUEST_MONEY,
        body.currency,
        body.amount,
        counterparty=body.payer_wallet_id,
        due=case.moment.at + body.ttl_s * SECOND_US if body.ttl_s else 0,
    )
    key = (case.wallet_id, case.command.command_id)
    return accepted(moved(key, row, TransactionState.PENDING))


def _pay(case: Case, body: PayRequest) -> Verdict:
    """Counters, limits, funds, recipient, fraud decision: the order of a transfer."""
    fee = case.moment.programme.fee(FeeFlow.TRANSFER, body.amount)
    total = body.amount + fee
    to = body.requester_wallet_id
    intent = Intent(to, body.currency, body.amount, total, OutflowFamily.P2P)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    movement = _movement(case, body, fee, outgoing)
    if isinstance(movement, Refusal):
        return refused(case, outgoing, movement)
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    return paid(case, intent, outgoing, movement, risk)


def _movement(case: Case, body: PayRequest, fee: int, outgoing: Outgoing) -> Movement | Refusal:
    """Send the money; on its way to another partition its fee waits in W.POUT for the answer."""
    moment = case.moment
    if is_full(moment, REVENUE_TRANSFER, "", body.currency, fee):
        return Refusal(RejectionReason.AMOUNT_OVERFLOW, REVENUE_TRANSFER)
    payment = Payment(
        case.command.command_id,
        Purpose.REQUEST,
        case.wallet_id,
        body.requester_wallet_id,
        body.currency,
        body.amount,
        fee,
        AVAILABLE,
        None,
        consumption_of(outgoing),
        body.request_id,
    )
    key = (case.wallet_id, case.command.command_id)
    home = travel.home_of(moment, body.requester_wallet_id)
    owners = {"wallet": case.wallet_id, "home": home}
    amounts = {"total": body.amount + fee, "amount": body.amount, "fee": fee}
    flow = "F5.1h" if home == str(moment.place.partition) else "F5.1"
    departure = (posted(flow, key, body.currency, owners, amounts),)
    return travel.send(moment, payment, departure)
