"""Spending: transfers, holds and reviews of a wallet, from its attempt counters on.

Owns: what is checked before money leaves or is reserved, and what becomes of a hold.
Never: the movement itself (`payments.py`), answers from other partitions (`legs.py`).
"""

from __future__ import annotations

from typing import Final

from ops.auditor.answer import ACCEPTED, PENDING, Answer, Refused
from ops.auditor.books import Attempt, Books, Hold, Review, ThingKey
from ops.auditor.credit import check_available
from ops.auditor.limits import check_log, check_out, consume, give_back
from ops.auditor.money import fee
from ops.auditor.payments import Payment, check_payee, pay
from ops.auditor.risk import action_of
from ops.auditor.status import check_debit, check_handover
from ops.auditor.wish import Wish
from schemas.messages.commands import (
    CaptureHold,
    PlaceHold,
    Transfer,
    VoidHold,
)
from schemas.messages.vocabulary import (
    FeeFlow,
    OutflowFamily,
    Purpose,
    RejectionReason,
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
    to, total = body.to_wallet_id, body.amount + charge
    wish = Wish(key[0], to, body.currency, body.amount, total, OutflowFamily.P2P)
    try:
        check_spending(books, wish)
        check_payee(books, payment)
        action = action_of(books, wish)
        check_action(action, {RiskAction.ALLOW, RiskAction.REVIEW})
    except Refused:
        count_attempt(books, key[0])
        raise
    consumed = consume(books, wish)
    if action is RiskAction.ALLOW:
        return pay(books, payment, consumed)
    due = books.at + books.policy.review_ttl_s * SECOND_US
    books.reviews[key] = Review(
        body.to_wallet_id, body.currency, body.amount, charge, due, consumed
    )
    books.set_timer(due, TimerKind.REVIEW_EXPIRY.index, key)
    shift(books, key[0], body.currency, "W.AVL", "W.POUT", body.amount + charge)
    return PENDING


def place_hold(books: Books, key: ThingKey, body: PlaceHold) -> Answer:
    """Reserve money."""
    wallet = books.wallets[key[0]]
    if key in books.holds:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_debit(wallet, body.currency)
    check_log(books, wallet)
    wish = Wish(key[0], body.to_wallet_id, body.currency, body.amount, body.amount)
    full = len(wallet.open_holds) >= books.policy.max_active_holds
    try:
        check_spending(books, wish, "max_active_holds" if full else None)
        check_action(action_of(books, wish), {RiskAction.ALLOW})
    except Refused:
        count_attempt(books, key[0])
        raise
    consumed = consume(books, wish)
    ttl_s = books.policy.hold_ttl_s if body.ttl_s is None else body.ttl_s
    due = books.at + ttl_s * SECOND_US if ttl_s else 0
    books.holds[key] = Hold(body.to_wallet_id, body.currency, body.amount, due, consumed)
    wallet.open_holds.add(key[1])
    books.set_timer(due, TimerKind.HOLD_EXPIRY.index, key)
    shift(books, key[0], body.currency, "W.AVL", "W.RSV", body.amount)
    return ACCEPTED


def check_addition(books: Books, hold_key: ThingKey, hold: Hold, amount: int) -> None:
    """Judge an increment like any attempt to pay."""
    wish = _addition(hold_key, hold, amount)
    check_log(books, books.wallets[wish.wallet_id])
    full = len(hold.added) >= books.policy.max_hold_increments
    exceeded = "max_hold_increments" if full else None
    try:
        check_spending(books, wish, exceeded)
        check_action(action_of(books, wish), {RiskAction.ALLOW})
    except Refused:
        count_attempt(books, wish.wallet_id)
        raise


def add_to_hold(books: Books, hold_key: ThingKey, hold: Hold, amount: int) -> None:
    """Reserve more; `check_addition` was asked."""
    wallet_id = hold_key[0]
    consumed = consume(books, _addition(hold_key, hold, amount))
    hold.authorized += amount
    hold.added.append((amount, consumed))
    shift(books, wallet_id, hold.currency, "W.AVL", "W.RSV", amount)


def _addition(hold_key: ThingKey, hold: Hold, amount: int) -> Wish:
    return Wish(hold_key[0], hold.to_wallet_id, hold.currency, amount, amount)


def check_spending(books: Books, wish: Wish, exceeded: str | None = None) -> None:
    """Refuse what bounds, limits or funds do not allow."""
    wallet = books.wallets[wish.wallet_id]
    if wish.payee not in wallet.payees and len(wallet.payees) >= books.policy.max_payees:
        raise Refused(RejectionReason.BOUND_EXCEEDED, "max_payees")
    if exceeded is not None:
        raise Refused(RejectionReason.BOUND_EXCEEDED, exceeded)
    check_out(books, wish)
    check_available(books, wish.wallet_id, wish.currency, wish.total)


def check_action(action: RiskAction, good: set[RiskAction]) -> None:
    """Refuse what the fraud decision does not let pass."""
    if action not in good:
        raise Refused(REFUSALS[action])


def count_attempt(books: Books, wallet_id: str) -> None:
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
    tip = body.amount - hold.remaining
    if tip > hold.authorized * books.policy.over_capture_bp // 10_000:
        raise Refused(RejectionReason.HOLD_EXCEEDED)
    check_handover(wallet)
    if tip > 0:
        check_addition(books, hold_key, hold, tip)
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
    if tip > 0:
        add_to_hold(books, hold_key, hold, tip)
    hold.captured += body.amount
    hold.was_captured = True
    if not body.keep_open or hold.remaining == 0:
        _close(books, hold_key, hold)
        release_part(books, hold_key, hold.remaining, whole=False)
    return pay(books, payment, hold.consumed)


def release(books: Books, hold_key: ThingKey) -> Answer:
    """Release what remains of a hold: a void or its expiry."""
    hold = books.holds[hold_key]
    _close(books, hold_key, hold)
    release_part(books, hold_key, hold.remaining, whole=hold.captured == 0)
    return ACCEPTED


def release_part(books: Books, hold_key: ThingKey, part: int, *, whole: bool) -> None:
    """Put part of a hold back into W.AVL, and its share of the limits with it."""
    hold = books.holds[hold_key]
    shift(books, hold_key[0], hold.currency, "W.RSV", "W.AVL", part)
    if part or whole:
        give_back_of_hold(books, hold_key[0], hold, part, whole=whole)
    hold.released += part


def give_back_of_hold(books: Books, wallet_id: str, hold: Hold, part: int, *, whole: bool) -> None:
    """Give back what a part of a hold consumed; what was reserved first is released first."""
    placed = hold.authorized - sum(amount for amount, _ in hold.added)
    start = 0
    for amount, consumed in [(placed, hold.consumed), *hold.added]:
        gone = min(amount, max(0, hold.released - start))
        going = min(amount, max(0, hold.released + part - start))
        share = consumed.base * going // amount - consumed.base * gone // amount
        if share or whole:
            give_back(books, wallet_id, consumed, share, whole=whole)
        start += amount


def _close(books: Books, hold_key: ThingKey, hold: Hold) -> None:
    hold.is_open = False
    books.wallets[hold_key[0]].open_holds.discard(hold_key[1])
    books.drop_timer(hold.due, TimerKind.HOLD_EXPIRY.index, hold_key)


def shift(  # noqa: PLR0913 - one entry: whose, what, from, to
    books: Books, wallet_id: str, currency: str, from_: str, to: str, amount: int
) -> None:
    """Move money between two accounts of a wallet."""
    books.post(currency, (from_, wallet_id, amount), (to, wallet_id, -amount))
    books.touched.add(wallet_id)
