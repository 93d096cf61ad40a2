"""Reviews: transfers that wait for somebody to say yes or no.

Owns: what becomes of them.
Never: when a transfer has to wait (`spending.py`).
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, Review, ThingKey
from ops.auditor.endings import end_movement
from ops.auditor.limits import give_back
from ops.auditor.payments import Payment, check_payee, pay
from ops.auditor.spending import shift
from schemas.messages.commands import ResolveReview
from schemas.messages.vocabulary import (
    Outcome,
    Purpose,
    RejectionReason,
    ReviewVerdict,
    TimerKind,
)


def resolve_review(books: Books, key: ThingKey, body: ResolveReview) -> Answer:
    """Pay what waited, or give it back."""
    review_key = (key[0], body.review_id)
    review = books.reviews.get(review_key)
    if review is None:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    if body.verdict is ReviewVerdict.REJECT:
        return reject_review(books, review_key)
    if books.wallets[key[0]].debit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)
    payment = Payment(
        body.review_id,
        Purpose.TRANSFER,
        key[0],
        review.to_wallet_id,
        review.currency,
        review.amount,
        review.fee,
        "W.POUT",
    )
    check_payee(books, payment)
    _drop_review(books, review_key, review)
    answer = pay(books, payment, review.consumed)
    if answer is ACCEPTED:
        end_movement(books, review_key, ACCEPTED)
    return answer


def reject_review(books: Books, key: ThingKey) -> Answer:
    """Give back money, fee and limits: a reviewer said no, or nobody said anything in time."""
    review = books.reviews[key]
    _drop_review(books, key, review)
    shift(books, key[0], review.currency, "W.POUT", "W.AVL", review.amount + review.fee)
    give_back(books, key[0], review.consumed, review.consumed.base, whole=True)
    end_movement(books, key, Answer(Outcome.REJECTED, RejectionReason.RISK_REVIEW))
    return ACCEPTED


def _drop_review(books: Books, key: ThingKey, review: Review) -> None:
    del books.reviews[key]
    books.drop_timer(review.due, TimerKind.REVIEW_EXPIRY.index, key)
