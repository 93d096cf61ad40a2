"""Claims: money sent to somebody who has no wallet yet.

Owns: sending it, handing it over, taking it back.
Never: the journey of money that is handed over (`waiting.py`).
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.attempts import attempt, check_new
from ops.auditor.books import Books, Consumed, Saga, ThingKey, Transaction
from ops.auditor.fields import check_id, check_text
from ops.auditor.limits import give_back
from ops.auditor.money import check_amount
from ops.auditor.payments import Payment
from ops.auditor.status import check_debit, check_handover
from ops.auditor.waiting import account_of, begin, go_on, leave, stop, waiting
from ops.auditor.wish import Wish
from schemas.messages.commands import AcceptClaim, CancelClaim, SendToAlias
from schemas.messages.legs import Leg
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    OutflowFamily,
    Purpose,
    RejectionReason,
    TransactionKind,
    TransactionState,
)

Body = SendToAlias | AcceptClaim | CancelClaim


def check_shape(policy: Policy, wallet_id: str, body: Body) -> None:
    """Refuse what no state could make right."""
    if isinstance(body, SendToAlias):
        check_text(body.alias_hash)
        check_amount(policy, body.currency, body.amount, None)
        return
    check_id(body.claim_id)
    if isinstance(body, AcceptClaim):
        check_id(body.to_wallet_id)
        if body.to_wallet_id == wallet_id:
            raise Refused(RejectionReason.SELF_TRANSFER)


def act(books: Books, key: ThingKey, body: Body) -> Answer:
    """Judge and carry out a command about a claim."""
    if isinstance(body, SendToAlias):
        return _send(books, key, body)
    if isinstance(body, AcceptClaim):
        return _hand_over(books, key, body)
    claim_key = (key[0], body.claim_id)
    waiting(books, claim_key, TransactionKind.P2P_CLAIM)
    take_back(books, claim_key, TransactionState.CANCELLED)
    return ACCEPTED


def _send(books: Books, key: ThingKey, body: SendToAlias) -> Answer:
    check_new(books, key)
    check_debit(books.wallets[key[0]], body.currency)
    alias = f"alias/{body.alias_hash}"
    wish = Wish(key[0], alias, body.currency, body.amount, body.amount, OutflowFamily.P2P)
    consumed = attempt(books, wish)
    row = Transaction(
        TransactionKind.P2P_CLAIM,
        TransactionState.INITIATED,
        body.currency,
        body.amount,
        due=books.at + books.policy.claim_ttl_s * 1_000_000,
        consumed=consumed,
    )
    begin(books, key, row)
    books.post(body.currency, ("W.AVL", key[0], body.amount), (*account_of(row, key), -body.amount))
    return ACCEPTED


def _hand_over(books: Books, key: ThingKey, body: AcceptClaim) -> Answer:
    check_new(books, key)
    claim_key = (key[0], body.claim_id)
    row = waiting(books, claim_key, TransactionKind.P2P_CLAIM)
    check_handover(books.wallets[key[0]])
    payment = Payment(
        key[1],
        Purpose.CLAIM,
        key[0],
        body.to_wallet_id,
        row.currency,
        row.amount,
        0,
        "CLAIM",
        about=body.claim_id,
    )
    answer = leave(books, payment, row.amount, _consumed(row))
    if answer is ACCEPTED:
        row.state = TransactionState.COMPLETED
    return answer


def delivered(books: Books, leg: Leg) -> None:
    """The recipient has it."""
    books.transactions[leg.from_wallet_id, leg.about].state = TransactionState.COMPLETED


def refused(books: Books, leg: Leg, saga: Saga) -> None:
    """The recipient refused: it waits again."""
    key = (leg.from_wallet_id, leg.about)
    row = go_on(books, key)
    books.post(
        row.currency,
        ("IB", str(saga.to_partition), saga.amount),
        (*account_of(row, key), -saga.amount),
    )


def take_back(books: Books, key: ThingKey, state: TransactionState) -> None:
    """Nobody has it: money and limits go back to the sender."""
    row = stop(books, key, state)
    books.post(row.currency, (*account_of(row, key), row.amount), ("W.AVL", key[0], -row.amount))
    consumed = _consumed(row)
    give_back(books, key[0], consumed, consumed.base, whole=True)


def _consumed(row: Transaction) -> Consumed:
    assert row.consumed is not None, "a claim consumed something"
    return row.consumed
