"""Customer statement: opening balance, every movement with the balance after it, closing balance.

Owns: that report, one section for each currency. Its proof: opening + movements = closing.
Never: shows a hold as a movement: reserved money is still the customer's, and is shown at the end.

The balance is the current balance: all accounts of the wallet in one currency, money to the
customer's good positive.
"""

from __future__ import annotations

from typing import Final, final

from ledger.chart import CHART, Nature, Owner
from ops.reading import Placed
from ops.reports.books import Books, Line
from ops.reports.movements import Movements
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing
from ops.reports.period import Lane, Lanes

COLUMNS: Final = (
    Column("booked"),
    Column("effective"),
    Column("what"),
    Column("with"),
    Column("reference"),
    Column("amount", Kind.MONEY),
    Column("balance", Kind.MONEY),
)


@final
class Statement:
    """The statement of one wallet; only its own partition has to be read."""

    def __init__(self, wallet_id: str) -> None:
        self.about: Final = (("wallet", wallet_id),)
        self._wallet_id: Final = wallet_id
        self._movements: Final = Movements(wallet_id, is_customer_money)

    def begin(self, partition: int) -> None:
        """Forget what was before."""
        del partition
        self._movements.begin()

    def add(self, placed: Placed, lane: Lane) -> None:
        """Take a Decision."""
        self._movements.add(placed, lane)

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return a section for each currency, and what the closing balances consist of."""
        (lane,) = lanes.by_partition.values()
        sections: list[Section] = []
        proofs: list[Proof] = []
        for currency, line in self._movements.lines(books):
            rows = self._rows(currency, -line.opening, lane)
            sections.append(_section(currency, rows, line))
            moved = sum(row[5].minor for row in rows if isinstance(row[5], Amount))
            what = "opening + movements = closing"
            proofs.append(equal(what, moved - line.opening, -line.closing, currency))
        return (*sections, self._movements.where_it_stands(books)), or_nothing(proofs)

    def _rows(self, currency: str, balance: int, lane: Lane) -> tuple[Row, ...]:
        rows: list[Row] = []
        for each in self._movements.kept:
            amount = -sum(
                posting.amount
                for posting in each.entry.postings
                if posting.currency == currency
                and self._movements.is_own(posting.account, posting.owner)
            )
            if not amount:
                continue
            balance += amount
            rows.append(
                (
                    lane.booked(each.interval),
                    each.effective,
                    each.what,
                    each.counterparty,
                    each.reference,
                    Amount(amount, currency),
                    Amount(balance, currency),
                )
            )
        return tuple(rows)


def is_customer_money(code: str) -> bool:
    """Tell whether an account is a wallet's own, as customer or as merchant."""
    account = CHART[code]
    return account.owner is Owner.WALLET and account.nature is Nature.LIABILITY


def _section(currency: str, rows: tuple[Row, ...], line: Line) -> Section:
    opening: Row = ("", "", "Opening balance", "", "", None, Amount(-line.opening, currency))
    closing: Row = ("", "", "Closing balance", "", "", None, Amount(-line.closing, currency))
    return Section(currency, COLUMNS, (opening, *rows), (closing,))
