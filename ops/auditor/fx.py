"""Conversions: a wallet sells one of its currencies for another.

Owns: whether the quote holds, what is fair, the entry.
Never: rounds against the house.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from ops.auditor.answer import ACCEPTED, Answer, Refused
from ops.auditor.books import Books, Line, ThingKey, Transaction
from ops.auditor.entries import check_room
from ops.auditor.fields import check_id
from ops.auditor.limits import check_log, consume
from ops.auditor.money import check_amount
from ops.auditor.risk import action_of
from ops.auditor.spending import check_action, check_spending, count_attempt
from ops.auditor.status import check_debit
from ops.auditor.wish import Wish
from schemas.messages.commands import Convert
from schemas.messages.policy import Policy
from schemas.messages.vocabulary import (
    RejectionReason,
    RiskAction,
    TransactionKind,
    TransactionState,
)


def check_shape(policy: Policy, body: Convert) -> None:
    """Refuse malformed fields."""
    if body.from_currency == body.to_currency or body.mid_e9 <= 0:
        raise Refused(RejectionReason.MALFORMED_FIELD)
    check_id(body.quote_id)
    check_amount(policy, body.from_currency, body.sell_amount, None)
    check_amount(policy, body.to_currency, body.buy_amount, None)


def act(books: Books, key: ThingKey, body: Convert) -> Answer:
    """Judge and carry out."""
    wallet_id = key[0]
    wallet = books.wallets[wallet_id]
    if key in books.transactions:
        raise Refused(RejectionReason.INVALID_TRANSITION, "command_id")
    check_debit(wallet, body.from_currency)
    if body.to_currency not in wallet.currencies:
        raise Refused(RejectionReason.CURRENCY_NOT_HELD)
    check_log(books, wallet)
    try:
        fair = _judge(books, wallet_id, body)
    except Refused:
        count_attempt(books, wallet_id)
        raise
    consume(books, _wish(wallet_id, body))
    for currency, lines in _entries(wallet_id, body, fair):
        books.post(currency, *lines)
    books.transactions[key] = Transaction(
        TransactionKind.FX_CONVERSION,
        TransactionState.COMPLETED,
        body.from_currency,
        body.sell_amount,
    )
    books.touched.add(wallet_id)
    return ACCEPTED


def _judge(books: Books, wallet_id: str, body: Convert) -> int:
    """Refuse an attempt that counts, or return what the purchase is worth."""
    wish = _wish(wallet_id, body)
    check_spending(books, wish)
    fair = _fair(books, body)
    for currency, lines in _entries(wallet_id, body, fair):
        check_room(books, currency, *lines)
    check_action(action_of(books, wish), {RiskAction.ALLOW})
    return fair


def _wish(wallet_id: str, body: Convert) -> Wish:
    sold = body.sell_amount
    return Wish(wallet_id, wallet_id, body.from_currency, sold, sold)


def _entries(wallet_id: str, body: Convert, fair: int) -> list[tuple[str, tuple[Line, ...]]]:
    sold, bought = body.sell_amount, body.buy_amount
    sale = (("W.AVL", wallet_id, sold), ("FX.POS", "", -fair), ("REV.FX", "", fair - sold))
    purchase = (("FX.POS", "", bought), ("W.AVL", wallet_id, -bought))
    return [(body.from_currency, sale), (body.to_currency, purchase)]


def _fair(books: Books, body: Convert) -> int:
    """Return what the purchase is worth in the currency sold, by the table, rounded up."""
    table = books.rates
    if body.quote_expires_at < books.at or table is None or table.valid_until < books.at:
        raise Refused(RejectionReason.QUOTE_EXPIRED)
    worth = {each.currency: each.base_per_minor_e9 for each in table.rates}
    if body.from_currency not in worth or body.to_currency not in worth:
        raise Refused(RejectionReason.QUOTE_EXPIRED)
    mid = Fraction(worth[body.from_currency], worth[body.to_currency])
    quoted = Fraction(body.mid_e9, 10**9)
    if abs(quoted - mid) / mid > Fraction(books.policy.fx_tolerance_bp, 10_000):
        raise Refused(RejectionReason.QUOTE_EXPIRED, "mid_e9")
    fair = ceil(Fraction(body.buy_amount) / mid)
    if fair > body.sell_amount:
        raise Refused(RejectionReason.QUOTE_EXPIRED, "buy_amount")
    return fair
