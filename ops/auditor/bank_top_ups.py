"""Bank top-ups: submitted, cleared in parts or whole, taken back.

Owns: what waits in W.PIN, why, and who pays for what a rail takes back.
Never: the bank's own side.
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Attempt, Books, Consumed, ThingKey, Transaction
from ops.auditor.credit import own
from ops.auditor.fields import check_id, check_text
from ops.auditor.limits import (
    check_in_windows,
    consume_in,
    current,
    give_back_in,
    is_over_cap,
    stored,
)
from ops.auditor.money import base, check_amount, day_and_month, limits
from ops.auditor.status import check_owed, check_top_up
from schemas.messages.commands import ClearTopUp, ReturnTopUp, SubmitBankTopUp
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import RejectionReason, TransactionKind, TransactionState

Body = SubmitBankTopUp | ClearTopUp | ReturnTopUp
RAILS = ("ach", "sct", "sdd", "pix", "upi")
DONE = (TransactionState.COMPLETED, TransactionState.SETTLED)


def check_shape(policy: Policy, body: Body) -> None:
    """Refuse malformed fields."""
    if isinstance(body, SubmitBankTopUp):
        check_id(body.rail)
        check_text(body.ext_ref)
        check_amount(policy, body.currency, body.amount, None)
        return
    check_id(body.transaction_id)
    if isinstance(body, ReturnTopUp):
        check_text(body.reason_code)
    elif body.amount <= 0:
        raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Carry one out."""
    if isinstance(body, SubmitBankTopUp):
        return _submit(books, key, body)
    about = (key[0], body.transaction_id)
    top_up = books.transactions.get(about)
    if top_up is None or top_up.kind is not TransactionKind.TOPUP_BANK:
        raise Refused(RejectionReason.INVALID_TRANSITION, "transaction_id")
    if isinstance(body, ClearTopUp):
        return _clear(books, key[0], top_up, body.amount)
    return _take_back(books, key[0], top_up)


def _submit(books: Books, key: ThingKey, body: SubmitBankTopUp) -> Answer:
    if key in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
    if body.rail not in RAILS:
        raise Refused(RejectionReason.UNKNOWN_ACCOUNT)
    if (body.rail, body.ext_ref) in books.references:
        raise Refused(RejectionReason.DUPLICATE_EXTERNAL_REF)
    check_top_up(books.wallets[key[0]], body.currency)
    check_in_windows(books, key[0], body.currency, body.amount)
    room = books.room("RAIL.RCV", body.rail, body.currency, body.amount)
    if not room or stored(books, key[0], body.currency) + body.amount > 2**63 - 1:
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    over = is_over_cap(books, key[0], body.currency, body.amount)
    day, month = day_and_month(books.policy, books.at)
    minor = base(books.policy, body.currency, body.amount)
    books.transactions[key] = Transaction(
        TransactionKind.TOPUP_BANK,
        TransactionState.PENDING,
        body.currency,
        body.amount,
        reserve=body.amount if over else 0,
        rail=body.rail,
        consumed=Consumed(Attempt(0, 0, 0), day, month, minor),
    )
    books.references.add((body.rail, body.ext_ref))
    consume_in(books, key[0], body.currency, body.amount)
    books.post(
        body.currency,
        ("RAIL.RCV", body.rail, body.amount),
        ("W.PIN", key[0], -body.amount),
    )
    return ACCEPTED


def _clear(books: Books, wallet_id: str, top_up: Transaction, amount: int) -> Answer:
    rest = top_up.amount - top_up.done
    if top_up.state is not TransactionState.PENDING or amount > rest:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_owed(books.wallets[wallet_id], top_up.currency)
    if top_up.reserve:
        _check_room(books, wallet_id, top_up.currency, rest - amount)
        top_up.reserve = max(0, top_up.reserve - amount)
    top_up.done += amount
    if amount == rest:
        top_up.state = TransactionState.COMPLETED
    books.post(top_up.currency, ("W.PIN", wallet_id, amount), ("W.AVL", wallet_id, -amount))
    books.touched.add(wallet_id)
    return ACCEPTED


def _check_room(books: Books, wallet_id: str, currency: str, still_waits: int) -> None:
    """Refuse to let more in than the cap leaves room for beside all else the wallet has."""
    wallet = books.wallets[wallet_id]
    held = {each: current(books, wallet_id, each) for each in wallet.currencies}
    held[currency] -= still_waits
    in_base = sum(base(books.policy, code, minor) for code, minor in held.items())
    if in_base > limits(books.policy, wallet.tier).balance_cap:
        raise Refused(RejectionReason.LIMIT_BALANCE_CAP, "balance_cap")


def _take_back(books: Books, wallet_id: str, top_up: Transaction) -> Answer:
    """What waits goes first; the rest comes from what is available, else it is owed."""
    waits = top_up.state is TransactionState.PENDING
    if not waits and top_up.state not in DONE:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    from_available = min(top_up.done, own(books, wallet_id, top_up.currency))
    owed = top_up.done - from_available
    if not books.room("RCV.CUST", wallet_id, top_up.currency, owed):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    if not books.room("RAIL.RCV", top_up.rail, top_up.currency, -top_up.amount):
        raise Refused(RejectionReason.AMOUNT_OVERFLOW)
    top_up.state = TransactionState.FAILED if waits else TransactionState.REVERSED
    assert top_up.consumed is not None, "a bank top-up consumed its inflow"
    give_back_in(books, wallet_id, top_up.consumed)
    books.post(
        top_up.currency,
        ("W.PIN", wallet_id, top_up.amount - top_up.done),
        ("W.AVL", wallet_id, from_available),
        ("RCV.CUST", wallet_id, owed),
        ("RAIL.RCV", top_up.rail, -top_up.amount),
    )
    return ACCEPTED
