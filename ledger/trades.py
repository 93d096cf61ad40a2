"""Trades: what a merchant sold and gave back lately, in one small row, and a sale as rules see it.

Owns: the bounds of the trade row, how a sale, a refund and a dispute change it; `Selling`.
Never: decides a rule; keeps a sale's id.

A month is the current calendar day and the 30 before it: never too few for 30 days.
"""

from __future__ import annotations

from typing import Final, final

from ledger.chart import INT64_MAX
from schemas.messages.events import MerchantGaveBack, MerchantSold
from schemas.messages.rows import RecentSale, TradeRow

DAYS_KEPT: Final = 31
LATEST_KEPT: Final = 20  # as many as a wallet's profile keeps
NIGHT_ENDS_S: Final = 5 * 3_600
NO_TRADE: Final = TradeRow(0, (), (), (), (), ())

Days = tuple[int, ...]


@final
class Selling:
    """A sale about to be parted; `trade` stands as on its day and does not include it.

    `base_amount` is base minor units; `night` is what the programme's clock shows.
    """

    __slots__ = ("base_amount", "day", "night", "payer", "trade")

    def __init__(
        self,
        payer: str,
        base_amount: int,
        day: int,
        night: bool,  # noqa: FBT001 - a fact, always passed by its builder
        trade: TradeRow,
    ) -> None:
        self.payer: Final = payer
        self.base_amount: Final = base_amount
        self.day: Final = day
        self.night: Final = night
        self.trade: Final = as_on(trade, day)


def as_on(row: TradeRow, day: int) -> TradeRow:
    """Return the row as it stands on a day; the day itself is first, with nothing yet."""
    passed = day - row.day
    if passed <= 0 and row.sales:
        return row
    return TradeRow(
        day,
        _moved_on(row.sales, passed),
        _moved_on(row.sold, passed),
        _moved_on(row.refunded, passed),
        _moved_on(row.disputes, passed),
        row.latest,
    )


def sold(row: TradeRow, event: MerchantSold) -> TradeRow:
    """Return the row with one more sale."""
    now = as_on(row, event.day)
    sale = RecentSale(event.payer, event.base_amount, event.night)
    return TradeRow(
        now.day,
        _with(now.sales, 1),
        _with(now.sold, event.base_amount),
        now.refunded,
        now.disputes,
        (*now.latest, sale)[-LATEST_KEPT:],
    )


def gave_back(row: TradeRow, event: MerchantGaveBack) -> TradeRow:
    """Return the row with money that went back, or with a dispute."""
    now = as_on(row, event.day)
    return TradeRow(
        now.day,
        now.sales,
        now.sold,
        _with(now.refunded, event.refunded),
        _with(now.disputes, 1 if event.refunded == 0 else 0),
        now.latest,
    )


def _moved_on(days: Days, passed: int) -> Days:
    if not days or passed >= DAYS_KEPT:
        return (0,)
    return (*(0,) * passed, *days)[:DAYS_KEPT]


def _with(days: Days, more: int) -> Days:
    return (min(days[0] + more, INT64_MAX), *days[1:])
