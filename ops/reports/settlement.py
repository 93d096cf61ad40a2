"""Merchant settlement statement: what was sold, what it cost, what was paid out, what is due.

Owns: that report, one section for each currency. Its proof: opening + gross - fees = closing.
Never: shows the merchant's own wallet: `statement` does.

Net is what an entry adds to the merchant's accounts less what the merchant owes us; fees are what
the same entry earned us; gross is both. Payouts are gross that leaves.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final, final

from ledger.chart import MERCHANT_DEBT, MERCHANT_RESERVE
from ops.reading import Placed
from ops.reports.books import Books, Line
from ops.reports.movements import Movement, Movements
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing
from ops.reports.period import Lane, Lanes

COLUMNS: Final = (
    Column("booked"),
    Column("what"),
    Column("with"),
    Column("reference"),
    Column("gross", Kind.MONEY),
    Column("fees", Kind.MONEY),
    Column("to reserve", Kind.MONEY),
    Column("balance", Kind.MONEY),
)
KINDS: Final = (
    Column("what"),
    Column("currency"),
    Column("entries", Kind.COUNT),
    Column("gross", Kind.MONEY),
    Column("fees", Kind.MONEY),
)


@final
class Settlement:
    """The settlement statement of one merchant; only its own partition has to be read."""

    def __init__(self, wallet_id: str) -> None:
        self.about: Final = (("merchant", wallet_id),)
        self._movements: Final = Movements(wallet_id, is_merchant_money)

    def begin(self, partition: int) -> None:
        """Forget what was before."""
        del partition
        self._movements.begin()

    def add(self, placed: Placed, lane: Lane) -> None:
        """Take a Decision."""
        self._movements.add(placed, lane)

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return movements, their sums by kind, and what the closing balance consists of."""
        (lane,) = lanes.by_partition.values()
        sections: list[Section] = []
        proofs: list[Proof] = []
        for currency, line in self._movements.lines(books):
            shown = [(each, *self._figures(each, currency)) for each in self._movements.kept]
            sections.append(_movements(currency, line, shown, lane))
            sections.append(_by_kind(currency, shown))
            moved = sum(gross - fees for _, gross, fees, _ in shown)
            what = "opening + gross - fees = closing"
            proofs.append(equal(what, moved - line.opening, -line.closing, currency))
        return (*sections, self._movements.where_it_stands(books)), or_nothing(proofs)

    def _figures(self, movement: Movement, currency: str) -> tuple[int, int, int]:
        """Return gross, fees and what went to the reserve."""
        gross = fees = reserve = 0
        for each in movement.entry.postings:
            if each.currency != currency:
                continue
            if each.account.startswith("REV."):
                fees -= each.amount
            elif not self._movements.is_own(each.account, each.owner):
                gross += each.amount
            if each.account == MERCHANT_RESERVE:
                reserve -= each.amount
        return gross, fees, reserve


Shown = tuple[Movement, int, int, int]


def is_merchant_money(code: str) -> bool:
    """Tell whether an account is a merchant's: what it has from sales, or owes."""
    return code.startswith("M.") or code == MERCHANT_DEBT


def _movements(currency: str, line: Line, shown: list[Shown], lane: Lane) -> Section:
    balance = -line.opening
    rows: list[Row] = [("", "Opening balance", "", "", None, None, None, Amount(balance, currency))]
    for each, gross, fees, reserve in shown:
        if not gross and not fees and not reserve:
            continue  # between the merchant's own accounts, such as a sale that matured
        balance += gross - fees
        booked = lane.booked(each.interval)
        figures = (Amount(minor, currency) for minor in (gross, fees, reserve, balance))
        rows.append((booked, each.what, each.counterparty, each.reference, *figures))
    closing = Amount(-line.closing, currency)
    total: Row = ("", "Closing balance", "", "", None, None, None, closing)
    return Section(currency, COLUMNS, tuple(rows), (total,))


def _by_kind(currency: str, shown: list[Shown]) -> Section:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each, gross, fees, _ in shown:
        if gross or fees:
            for index, figure in enumerate((1, gross, fees)):
                sums[each.what][index] += figure
    rows = tuple(
        (what, currency, count, Amount(gross, currency), Amount(fees, currency))
        for what, (count, gross, fees) in sorted(sums.items())
    )
    return Section(f"{currency} by kind", KINDS, rows)
