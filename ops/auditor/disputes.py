"""Disputes: disputed money waits apart, then buyer and merchant part it.

Owns: OpenDispute, SubmitEvidence, ResolveDispute, WithdrawDispute and the deadline.
Never: judges.
"""

from __future__ import annotations

from ops.auditor import merchants, trades
from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.attempts import check_new
from ops.auditor.books import Books, ThingKey, Transaction
from ops.auditor.fields import check_id, check_payment_id, check_text
from ops.auditor.money import day_and_month, fee
from ops.auditor.payments import Payment
from ops.auditor.sales import NOTHING, check_way, find_payment, settle_state, travel
from schemas.messages.commands import (
    OpenDispute,
    ResolveDispute,
    SubmitEvidence,
    WithdrawDispute,
)
from schemas.messages.vocabulary import (
    FeeFlow,
    Purpose,
    RejectionReason,
    TimerKind,
    TransactionKind,
    TransactionState,
)

Body = OpenDispute | ResolveDispute | WithdrawDispute | SubmitEvidence
PIECES_MOST = 16
MAY_BE_DISPUTED = (TransactionState.COMPLETED, TransactionState.SETTLED)


def check_shape(body: Body) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, OpenDispute):
        check_payment_id(body.payment_id)
        check_text(body.evidence_ref)
        if body.amount <= 0:
            raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
        return
    check_id(body.dispute_id)
    if isinstance(body, SubmitEvidence):
        check_id(body.evidence_ref)
        if len(body.digest) != 64 or set(body.digest) - set("0123456789abcdef"):  # noqa: PLR2004
            raise Refused(RejectionReason.MALFORMED_FIELD)
    if isinstance(body, ResolveDispute) and body.to_buyer is not None and body.to_buyer < 0:
        raise Refused(RejectionReason.MALFORMED_FIELD)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command."""
    if isinstance(body, OpenDispute):
        return _open(books, key, body)
    dispute_key = (key[0], body.dispute_id)
    dispute = books.transactions.get(dispute_key)
    if dispute is None or dispute.kind is not TransactionKind.DISPUTE:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if dispute.state is not TransactionState.PENDING:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if isinstance(body, SubmitEvidence):
        return _answer(books, dispute_key, dispute)
    if isinstance(body, WithdrawDispute):
        if dispute.answered:
            raise Refused(RejectionReason.INVALID_TRANSITION)
        return _part(books, dispute_key, dispute, 0, key[1])
    to_buyer = body.to_buyer or 0
    if to_buyer > dispute.amount:
        raise Refused(RejectionReason.REFUND_EXCEEDED)
    check_new(books, key)
    return _part(books, dispute_key, dispute, to_buyer, key[1])


def _answer(books: Books, key: ThingKey, dispute: Transaction) -> Answer:
    """The merchant said something in time: it cannot lose by waiting any more."""
    answered = dispute.answered or [dispute.due]
    if books.at >= answered[0]:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if len(answered) > PIECES_MOST:
        raise Refused(RejectionReason.BOUND_EXCEEDED)
    dispute.answered = [*answered, books.at]
    merchants.sleep(books, key, dispute)
    books.touched.add(key[0])
    return ACCEPTED


def miss(books: Books, key: ThingKey) -> None:
    """Nobody answered in time: the buyer gets everything."""
    dispute = books.transactions[key]
    _part(books, key, dispute, dispute.amount, f"{key[1]}/deadline")


def _open(books: Books, key: ThingKey, body: OpenDispute) -> Answer:
    merchant = key[0]
    check_new(books, key)
    payment = find_payment(books, (merchant, body.payment_id), body.amount)
    if payment.state not in MAY_BE_DISPUTED:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    today, _ = day_and_month(books.policy, books.at)
    if today > payment.day + books.policy.dispute_window_days:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if books.wallets[merchant].closed:
        raise Refused(RejectionReason.WALLET_NOT_ACTIVE)
    lines = merchants.draw(books, (merchant, body.payment_id), body.amount)
    books.post(payment.currency, *lines, ("DSP", "/".join(key), -body.amount))
    payment.disputed += body.amount
    payment.state = TransactionState.DISPUTED
    merchants.set_alarm(books, (merchant, body.payment_id), payment)
    due = books.at + books.policy.dispute_evidence_s * merchants.SECOND_US
    books.transactions[key] = Transaction(
        TransactionKind.DISPUTE,
        TransactionState.PENDING,
        payment.currency,
        body.amount,
        counterparty=payment.counterparty,
        due=due,
        about=body.payment_id,
    )
    books.set_timer(due, TimerKind.TRANSACTION_DUE.index, key)
    trades.gave_back(books, merchant, payment.currency, 0)
    books.touched.add(merchant)
    return ACCEPTED


def _part(
    books: Books, key: ThingKey, dispute: Transaction, to_buyer: int, transfer_id: str
) -> Answer:
    merchant, currency = key[0], dispute.currency
    back = Payment(
        transfer_id,
        Purpose.DISPUTE,
        merchant,
        dispute.counterparty,
        currency,
        to_buyer,
        0,
        "",
        about=dispute.about,
    )
    if to_buyer:
        check_way(books, back)
    _divide(books, key, dispute, to_buyer)
    payment = books.transactions[merchant, dispute.about]
    payment.disputed -= dispute.amount - to_buyer
    payment.state = TransactionState.COMPLETED
    settle_state(payment)
    merchants.set_alarm(books, (merchant, dispute.about), payment)
    dispute.state = TransactionState.COMPLETED  # whichever way it ended, it is not open
    merchants.sleep(books, key, dispute)
    books.touched.add(merchant)
    return travel(books, back, NOTHING) if to_buyer else ACCEPTED


def _divide(books: Books, key: ThingKey, dispute: Transaction, to_buyer: int) -> None:
    """Post what each gets, and what it costs a merchant who lost."""
    merchant, currency = key[0], dispute.currency
    home = books.partition_of(dispute.counterparty)
    rest = dispute.amount - to_buyer
    debt = min(rest, books.balance("RCV.MERCH", merchant, currency))
    held = ("DSP", "/".join(key), dispute.amount)
    kept = (("RCV.MERCH", merchant, -debt), ("M.PAY", merchant, debt - rest))
    books.post(currency, held, ("IB", str(home), -to_buyer), *kept)
    if to_buyer:
        charge = fee(books.policy, FeeFlow.DISPUTE, to_buyer)
        paid = min(charge, -books.balance("M.PAY", merchant, currency))
        lines = (("M.PAY", merchant, paid), ("RCV.MERCH", merchant, charge - paid))
        books.post(currency, *lines, ("REV.DSP", "", -charge))
