"""Funding: out of which of a merchant's accounts the money of a payment goes back.

Owns: the order M.PEND, M.PAY, M.RSV, RCV.MERCH, for refunds and disputes alike, and what it leaves
of the payment. Pending money and reserve are those of the payment itself: those of other payments
have their own way to go.
Never: decides how much goes back.
"""

from __future__ import annotations

from typing import Final, final

from ledger.balances import balance_of
from ledger.case import Moment
from ledger.chart import MERCHANT_PAYABLE
from ledger.decisions.reserves import timed
from ledger.decisions.transactions import changed
from ledger.errors import present
from schemas.messages.rows import TransactionRow


@final
class Funding:
    """What each account gives; `short` is what the merchant owes from then on."""

    __slots__ = ("payable", "pending", "reserve", "short")

    def __init__(self, pending: int, payable: int, reserve: int, short: int) -> None:
        self.pending: Final = pending
        self.payable: Final = payable
        self.reserve: Final = reserve
        self.short: Final = short

    def amounts(self) -> dict[str, int]:
        """Return the amounts by their names in the catalogue."""
        return {
            "pending": self.pending,
            "payable": self.payable,
            "reserve": self.reserve,
            "short": self.short,
        }


def funding_of(moment: Moment, merchant: str, row: TransactionRow, amount: int) -> Funding:
    """Return how an amount is taken for a payment of the merchant."""
    pending = min(amount, row.amount - row.done)
    rest = amount - pending
    payable = min(rest, payable_of(moment, merchant, row.currency))
    rest -= payable
    reserve = min(rest, row.reserve)
    return Funding(pending, payable, reserve, rest - reserve)


def payable_of(moment: Moment, merchant: str, currency: str) -> int:
    """Return what the merchant may be paid out."""
    row = present(moment.view.wallets.get(merchant), "merchant")
    return -balance_of(row, MERCHANT_PAYABLE, currency)


def drawn(row: TransactionRow, funding: Funding) -> TransactionRow:
    """Return the payment without what was taken of its own; its timer follows what is left."""
    done, reserve = row.done + funding.pending, row.reserve - funding.reserve
    return timed(changed(row, done=done, reserve=reserve))
