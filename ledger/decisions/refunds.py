"""Refunds: money of a payment goes back to its payer.

Owns: the merchant's side (F8.1), the payer's (F8.2), and what goes back of the fee.
Never: fails where it arrives: a payer who may not be credited finds the money in W.LIEN, and that
of a wallet closed or closing is unclaimed.

The fee goes back in proportion to all that was refunded so far, rounded half up, so that the last
refund gives back exactly the rest of it. What a dispute took has no part in that.
"""

from __future__ import annotations

from typing import Final

from ledger.case import Case, Moment
from ledger.catalogue import posted
from ledger.decisions import liens, travel
from ledger.decisions.funding import drawn, funding_of
from ledger.decisions.merchants import gave_back, terms_of
from ledger.decisions.payment import Payment
from ledger.decisions.transactions import NOTHING_CONSUMED, amended, changed, moved, row_of
from ledger.errors import present
from ledger.refusal import Refusal, accepted, rejected
from ledger.standing import own_status
from ledger.verdict import Verdict
from ledger.view import WalletKey
from schemas.messages.commands import RefundPayment
from schemas.messages.decisions import Event
from schemas.messages.legs import Leg
from schemas.messages.rows import TransactionRow
from schemas.messages.vocabulary import (
    FeeBack,
    Purpose,
    TransactionKind,
    TransactionState,
    WalletStatus,
)

LEAVING: Final = frozenset({WalletStatus.CLOSING, WalletStatus.CLOSED})


def act(case: Case, body: RefundPayment) -> Verdict:
    """Give back a payment, or part of it, with its share of the fee."""
    moment = case.moment
    row = present(moment.view.transactions.get((case.wallet_id, body.payment_id)), "payment")
    fee = _fee_back(moment, case.wallet_id, row, body.amount)
    funding = funding_of(moment, case.wallet_id, row, body.amount - fee)
    departure = posted(
        "F8.1",
        (case.wallet_id, case.command.command_id),
        row.currency,
        {"wallet": case.wallet_id, "home": travel.home_of(moment, row.counterparty)},
        {**funding.amounts(), "fee": fee, "amount": body.amount},
    )
    left = changed(
        drawn(row, funding),
        refunded=row.refunded + body.amount,
        fee_refunded=row.fee_refunded + fee,
    )
    events = (
        departure,
        *_given_back((case.wallet_id, body.payment_id), left),
        *_refund_row(case, body, row, fee),
        gave_back(moment, case.wallet_id, row.currency, body.amount),
    )
    movement = travel.send(moment, _payment(case, body, row), events)
    if isinstance(movement, Refusal):
        return rejected(movement)
    return accepted(movement.events, movement.stage)


def arrive(moment: Moment, leg: Leg, flow: str) -> travel.Events:
    """Give money of a payment back to whoever paid it."""
    wallet_id = leg.to_wallet_id
    row = moment.view.wallets.get(wallet_id)
    own = WalletStatus.CLOSED if row is None else own_status(moment.view, wallet_id, row)
    blocked = row is not None and row.credit_blocked and own is not WalletStatus.CLOSED
    gone = not blocked and own in LEAVING
    amounts = {
        "amount": leg.amount,
        "available": 0 if gone or blocked else leg.amount,
        "lien": leg.amount if blocked else 0,
        "unclaimed": leg.amount if gone else 0,
    }
    owners = {"home": str(leg.src_partition), "wallet": wallet_id}
    subject = ("" if row is None else wallet_id, leg.about)
    entry = posted(flow, subject, leg.currency, owners, amounts)
    if not blocked:
        return (entry,)
    return (entry, liens.kept(moment, wallet_id, leg.currency, leg.amount))


def reversed_or(row: TransactionRow, state: TransactionState) -> TransactionState:
    """Return REVERSED once nothing of a payment is left to its merchant, else `state`."""
    return TransactionState.REVERSED if row.refunded + row.disputed == row.amount else state


def _fee_back(moment: Moment, merchant: str, row: TransactionRow, amount: int) -> int:
    if terms_of(moment, merchant).fee_back is FeeBack.NONE:
        return 0
    together = row.fee * (row.refunded + amount)
    owed = (2 * together + row.amount) // (2 * row.amount) - row.fee_refunded
    return min(owed, amount)  # terms may have changed since an earlier refund


def _given_back(subject: WalletKey, row: TransactionRow) -> tuple[Event, ...]:
    """A payment that is disputed stays so until that is decided."""
    if row.state is TransactionState.DISPUTED:
        return (amended(subject, row, "refunded"),)
    after = reversed_or(row, row.state)
    if after is row.state:
        return (amended(subject, row, "refunded"),)
    return moved(subject, row, after, reason="refunded")


def _refund_row(
    case: Case, body: RefundPayment, row: TransactionRow, fee: int
) -> tuple[Event, ...]:
    refund_row = row_of(
        TransactionKind.REFUND,
        row.currency,
        body.amount,
        fee=fee,
        counterparty=row.counterparty,
        reference=body.payment_id,
    )
    path = (TransactionState.PROCESSING, TransactionState.COMPLETED)
    return moved((case.wallet_id, case.command.command_id), refund_row, *path)


def _payment(case: Case, body: RefundPayment, row: TransactionRow) -> Payment:
    return Payment(
        case.command.command_id,
        Purpose.REFUND,
        case.wallet_id,
        row.counterparty,
        row.currency,
        body.amount,
        0,
        "",
        None,
        NOTHING_CONSUMED,
        body.payment_id,
    )
