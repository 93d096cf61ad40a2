"""Spending: transfers, holds and reviews of a wallet, from its attempt counters on.

Owns: what is checked before money leaves or is reserved, and what becomes of it.
Never: the movement itself (`payments.py`), answers from other partitions (`legs.py`).
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.behaviour import Wish
from ops.auditor.books import Attempt, Books, Hold, Review, ThingKey, Wallet
from ops.auditor.endings import end_movement
from ops.auditor.limits import check_log, check_out, consume, give_back
from ops.auditor.money import fee
from ops.auditor.payments import Payment, check_payee, pay
from ops.auditor.risk import action_of
from ops.auditor.status import check_debit
from schemas.messages.commands import CaptureHold, PlaceHold, ResolveReview, Transfer, VoidHold
from schemas.messages.vocabulary import (
    FeeFlow,
    Outcome,
    OutflowFamily,
    Purpose,
    RejectionReason,
    ReviewVerdict,
    RiskAction,
    TimerKind,
)

SECOND_US: Final = 1_000_000
REFUSALS: Final = {
    RiskAction.STEP_UP: RejectionReason.STEP_UP_REQUIRED,
    RiskAction.REVIEW: RejectionReason.RISK_REVIEW,
    RiskAction.BLOCK: RejectionReason.RISK_BLOCKED,
}


def transfer(books: Books, key: ThingKey, body: Transfer) -> Answer:
    """Pay another wallet, or wait for a reviewer."""
    wallet = books.wallets[key[0]]
    check_debit(wallet, body.currency)
    check_log(books, wallet)
    charge = fee(books.policy, FeeFlow.TRANSFER, body.amount)
    payment = Payment(
        key[1],
        Purpose.TRANSFER,
        key[0],
        body.to_wallet_id,
        body.currency,
        body.amount,
        charge,
        "W.AVL",
    )
    try:
        _check_spending(books, key[0], body, body.amount + charge)
        check_payee(books, payment)
        action = action_of(books, _wish(key[0], body, body.amount + charge))
        _check_action(action, {RiskAction.ALLOW, RiskAction.REVIEW})
    except Refused:
        _count_attempt(books, key[0])
        raise
    to, family = body.to_wallet_id, _family(body)
    consumed = consume(books, key[0], to, body.currency, body.amount, family)
    if action is RiskAction.ALLOW:
        return pay(books, payment, consumed)
    due = books.at + books.policy.review_ttl_s * SECOND_US
    books.reviews[key] = Review(
        body.to_wallet_id, body.currency, body.amount, charge, due, consumed
    )
    books.set_timer(due, TimerKind.REVIEW_EXPIRY.index, key)
    _shift(books, key[0], body.currency, "W.AVL", "W.POUT", body.amount + charge)
    return PENDING


def place_hold(books: Books, key: ThingKey, body: PlaceHold) -> Answer:
    """Reserve money."""
    wallet = books.wallets[key[0]]
    if key in books.holds:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_debit(wallet, body.currency)
    check_log(books, wallet)
    try:
        _check_spending(books, key[0], body, body.amount)
        action = action_of(books, _wish(key[0], body, body.amount))
        _check_action(action, {RiskAction.ALLOW})
    except Refused:
        _count_attempt(books, key[0])
        raise
    to, family = body.to_wallet_id, _family(body)
    consumed = consume(books, key[0], to, body.currency, body.amount, family)
    ttl_s = books.policy.hold_ttl_s if body.ttl_s is None else body.ttl_s
    due = books.at + ttl_s * SECOND_US if ttl_s else 0
    books.holds[key] = Hold(body.to_wallet_id, body.currency, body.amount, due, consumed)
    wallet.open_holds.add(key[1])
    books.set_timer(due, TimerKind.HOLD_EXPIRY.index, key)
    _shift(books, key[0], body.currency, "W.AVL", "W.RSV", body.amount)
    return ACCEPTED


def _check_spending(books: Books, wallet_id: str, body: Transfer | PlaceHold, total: int) -> None:
    wallet = books.wallets[wallet_id]
    known = body.to_wallet_id in wallet.payees
    if not known and len(wallet.payees) >= books.policy.max_payees:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "max_payees")
    if isinstance(body, PlaceHold) and len(wallet.open_holds) >= books.policy.max_active_holds:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "max_active_holds")
    check_out(books, wallet, body.to_wallet_id, body.currency, body.amount, _family(body))
    if -books.balance("W.AVL", wallet_id, body.currency) < total:
        raise Refused(RejectionReason.INSUFFICIENT_FUNDS)


def _wish(wallet_id: str, body: Transfer | PlaceHold, total: int) -> Wish:
    return Wish(wallet_id, body.to_wallet_id, body.currency, body.amount, total)


def _family(body: Transfer | PlaceHold) -> OutflowFamily:
    return OutflowFamily.P2P if isinstance(body, Transfer) else OutflowFamily.PAYMENT


def _check_action(action: RiskAction, good: set[RiskAction]) -> None:
    if action not in good:
        raise Refused(REFUSALS[action])


def _count_attempt(books: Books, wallet_id: str) -> None:
    """Declines count for velocity."""
    books.wallets[wallet_id].attempts.append(Attempt(books.at, 0, 0))
    books.touched.add(wallet_id)


def end_hold(books: Books, key: ThingKey, body: CaptureHold | VoidHold) -> Answer:
    """Capture a hold, or part of it, or void it."""
    wallet = books.wallets[key[0]]
    hold_key = (key[0], body.hold_id)
    hold = books.holds.get(hold_key)
    if hold is None or not hold.is_open:
        raise Refused(RejectionReason.HOLD_NOT_ACTIVE)
    if isinstance(body, VoidHold):
        return release(books, hold_key)
    if body.amount > hold.remaining:
        raise Refused(RejectionReason.HOLD_EXCEEDED)
    _check_capture(wallet)
    payment = Payment(
        key[1],
        Purpose.CAPTURE,
        key[0],
        hold.to_wallet_id,
        hold.currency,
        body.amount,
        0,
        "W.RSV",
        body.hold_id,
    )
    check_payee(books, payment)
    hold.captured += body.amount
    if not body.keep_open or hold.remaining == 0:
        _close(books, hold_key, hold)
        release_part(books, hold_key, hold.remaining, whole=False)
    return pay(books, payment, hold.consumed)


def _check_capture(wallet: Wallet) -> None:
    if wallet.debit_blocked and wallet.credit_blocked:
        raise Refused(RejectionReason.DEBIT_BLOCKED)


def release(books: Books, hold_key: ThingKey) -> Answer:
    """Release what remains of a hold: a void or its expiry."""
    hold = books.holds[hold_key]
    _close(books, hold_key, hold)
    release_part(books, hold_key, hold.remaining, whole=hold.captured == 0)
    return ACCEPTED


def release_part(books: Books, hold_key: ThingKey, part: int, *, whole: bool) -> None:
    """Put part of a hold back into W.AVL, and its share of the limits with it."""
    hold = books.holds[hold_key]
    _shift(books, hold_key[0], hold.currency, "W.RSV", "W.AVL", part)
    share = share_released(hold, part)
    hold.released += part
    if part or whole:
        give_back(books, hold_key[0], hold.consumed, share, whole=whole)


def share_released(hold: Hold, part: int) -> int:
    """Return the base amount of a part: all parts released add up to what was consumed."""
    total = hold.consumed.base
    after = total * (hold.released + part) // hold.authorized
    return after - total * hold.released // hold.authorized


def _close(books: Books, hold_key: ThingKey, hold: Hold) -> None:
    hold.is_open = False
    books.wallets[hold_key[0]].open_holds.discard(hold_key[1])
    books.drop_timer(hold.due, TimerKind.HOLD_EXPIRY.index, hold_key)


def _shift(  # noqa: PLR0913 - one entry: whose, what, from, to
    books: Books, wallet_id: str, currency: str, from_: str, to: str, amount: int
) -> None:
    books.post(currency, (from_, wallet_id, amount), (to, wallet_id, -amount))
    books.touched.add(wallet_id)


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
    _shift(books, key[0], review.currency, "W.POUT", "W.AVL", review.amount + review.fee)
    give_back(books, key[0], review.consumed, review.consumed.base, whole=True)
    end_movement(books, key, Answer(Outcome.REJECTED, RejectionReason.RISK_REVIEW))
    return ACCEPTED


def _drop_review(books: Books, key: ThingKey, review: Review) -> None:
    del books.reviews[key]
    books.drop_timer(review.due, TimerKind.REVIEW_EXPIRY.index, key)
