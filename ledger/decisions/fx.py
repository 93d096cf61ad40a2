"""Conversions: money of one wallet changes its currency at a quote, in one entry.

Owns: whether a quote still holds, and what we earn by it.
Never: makes a rate; the partition's table came in-band by SetRates, so that replay sees the same.

The spread is what the customer sells beyond the fair value of what he buys, by the table's mid
rate; the fair value is rounded up, in favour of FX.POS. A quote that would leave us less than the
fair value has expired, whatever its end says: the market has moved.
"""

from __future__ import annotations

from typing import Final, final

from ledger.case import Case
from ledger.catalogue import posted
from ledger.decisions.outgoing import attempted, cleared, consumed, consumption_of, refused
from ledger.decisions.room import room_refusal
from ledger.decisions.transactions import moved, row_of
from ledger.outgoing import Intent, Outgoing
from ledger.programme import BASIS_POINTS, RATE_SCALE
from ledger.refusal import Refusal, accepted
from ledger.verdict import Verdict
from ledger.view import ONE
from schemas.messages.commands import Convert
from schemas.messages.decisions import Event
from schemas.messages.events import EntryPosted, QuoteTaken, TransactionMoved
from schemas.messages.rows import RatesRow
from schemas.messages.vocabulary import (
    RejectionReason,
    Stage,
    TransactionKind,
    TransactionState,
)

FLOW: Final = "F15.1"


@final
class Price:
    """What a conversion is worth to us: the fair value of what is bought, and the spread."""

    __slots__ = ("fair", "rate_id", "spread")

    def __init__(self, fair: int, spread: int, rate_id: str) -> None:
        self.fair: Final = fair
        self.spread: Final = spread
        self.rate_id: Final = rate_id


def act(case: Case, body: Convert) -> Verdict:
    """Counters, limits by the amount sold, funds, the quote, the fraud decision."""
    intent = Intent(case.wallet_id, body.from_currency, body.sell_amount, body.sell_amount)
    outgoing = attempted(case, intent)
    if isinstance(outgoing, Verdict):
        return outgoing
    price = _price(case, body)
    if isinstance(price, Refusal):
        return refused(case, outgoing, price)
    entry = _entry(case, body, price)
    full = room_refusal(case.moment, entry)
    if full is not None:
        return refused(case, outgoing, full)
    risk = cleared(case, outgoing)
    if isinstance(risk, Verdict):
        return risk
    events: tuple[Event, ...] = (
        consumed(case, intent, outgoing),
        *_converted(case, body, price, outgoing),
        _quote(case, body, price),
        entry,
    )
    return accepted(events, Stage.FINAL, risk)


def _price(case: Case, body: Convert) -> Price | Refusal:
    """Price by the partition's own table."""
    at = case.moment.at
    table = case.moment.view.rates.get(ONE)
    if body.quote_expires_at < at:
        return Refusal(RejectionReason.QUOTE_EXPIRED, "quote_expires_at")
    if table is None or table.valid_until < at:
        return Refusal(RejectionReason.QUOTE_EXPIRED, "rates")
    sold, bought = _rate(table, body.from_currency), _rate(table, body.to_currency)
    if sold is None or bought is None:
        missing = body.from_currency if sold is None else body.to_currency
        return Refusal(RejectionReason.QUOTE_EXPIRED, missing)
    difference = abs(body.mid_e9 * bought - sold * RATE_SCALE)
    tolerance = case.moment.programme.policy.fx_tolerance_bp
    if difference * BASIS_POINTS > tolerance * sold * RATE_SCALE:
        return Refusal(RejectionReason.QUOTE_EXPIRED, "mid_e9")
    fair = -(-body.buy_amount * bought // sold)
    if fair > body.sell_amount:
        return Refusal(RejectionReason.QUOTE_EXPIRED, "buy_amount")
    return Price(fair, body.sell_amount - fair, table.rate_id)


def _rate(table: RatesRow, currency: str) -> int | None:
    for each in table.rates:
        if each.currency == currency:
            return each.base_per_minor_e9
    return None


def _entry(case: Case, body: Convert, price: Price) -> EntryPosted:
    amounts = {
        "sold": body.sell_amount,
        "bought": body.buy_amount,
        "fair": price.fair,
        "spread": price.spread,
    }
    subject = (case.wallet_id, case.command.command_id)
    owners = {"wallet": case.wallet_id}
    return posted(FLOW, subject, body.from_currency, owners, amounts, body.to_currency)


def _converted(
    case: Case, body: Convert, price: Price, outgoing: Outgoing
) -> tuple[TransactionMoved, ...]:
    row = row_of(
        TransactionKind.FX_CONVERSION,
        body.from_currency,
        body.sell_amount,
        fee=price.spread,
        reference=body.quote_id,
        other_currency=body.to_currency,
        other_amount=body.buy_amount,
        consumption=consumption_of(outgoing),
    )
    return moved((case.wallet_id, case.command.command_id), row, TransactionState.COMPLETED)


def _quote(case: Case, body: Convert, price: Price) -> QuoteTaken:
    return QuoteTaken(
        case.wallet_id,
        case.command.command_id,
        body.quote_id,
        body.mid_e9,
        body.quote_expires_at,
        price.rate_id,
        price.spread,
    )
