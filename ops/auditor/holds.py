"""Holds that change: more is reserved, or they live until another time.

Owns: what such a command must look like, and which holds take it.
Never: placing, capturing, releasing (`spending.py`).
"""

from __future__ import annotations

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, ThingKey
from ops.auditor.fields import check_id
from ops.auditor.spending import SECOND_US, add_to_hold, check_addition
from ops.auditor.status import check_debit
from schemas.messages.commands import ExtendHold, IncrementHold
from schemas.messages.vocabulary import RejectionReason, TimerKind

TTL_DAYS_MAX = 366


def check_shape(body: IncrementHold | ExtendHold) -> None:
    """Refuse what no state could make right."""
    check_id(body.hold_id)
    if isinstance(body, IncrementHold):
        if body.amount <= 0:
            raise Refused(RejectionReason.AMOUNT_NOT_POSITIVE)
    elif not 0 <= body.ttl_s <= TTL_DAYS_MAX * 86_400:
        raise Refused(RejectionReason.MALFORMED_FIELD)


def change_hold(books: Books, key: ThingKey, body: IncrementHold | ExtendHold) -> Answer:
    """Reserve more under a hold, or let it live until another time."""
    hold_key = (key[0], body.hold_id)
    hold = books.holds.get(hold_key)
    if hold is None or not hold.is_open:
        raise Refused(RejectionReason.HOLD_NOT_ACTIVE)
    if isinstance(body, ExtendHold):
        books.drop_timer(hold.due, TimerKind.HOLD_EXPIRY.index, hold_key)
        hold.due = books.at + body.ttl_s * SECOND_US if body.ttl_s else 0
        books.set_timer(hold.due, TimerKind.HOLD_EXPIRY.index, hold_key)
        books.touched.add(key[0])
        return ACCEPTED
    if hold.was_captured:
        raise Refused(RejectionReason.INVALID_TRANSITION)
    check_debit(books.wallets[key[0]], hold.currency)
    check_addition(books, hold_key, hold, body.amount)
    add_to_hold(books, hold_key, hold, body.amount)
    return ACCEPTED
