"""General ledger: every posting of every account, with the balance after it.

Owns: that report. Its proof: opening + postings = closing, account by account.
Never: holds the postings in memory: they are spooled, and read once for each way they are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, final

from ledger.chart import CHART
from ops.console import time_text
from ops.reading import Placed
from ops.reports.books import Books, Line
from ops.reports.errors import ReportError
from ops.reports.paper import Amount, Column, Kind, Proof, Row, Section, equal, or_nothing
from ops.reports.period import Lane, Lanes
from ops.reports.spool import Spool, Spooled
from schemas.messages.decisions import Decision
from schemas.messages.journal import Posting

COLUMNS: Final = (
    Column("booked"),
    Column("decided"),
    Column("place"),
    Column("flow"),
    Column("owner"),
    Column("reference"),
    Column("debit", Kind.MONEY),
    Column("credit", Kind.MONEY),
    Column("balance", Kind.MONEY),
)


@final
class GeneralLedger:
    """All accounts, or one code of the chart. Raises `ReportError` for one that is not in it."""

    def __init__(self, code: str = "") -> None:
        if code and code not in CHART:
            raise ReportError(f"--account: {code!r} is no account of the chart")
        self.about: Final = (("account", code),) if code else ()
        self._code: Final = code
        self._spool: Final = Spool()

    def begin(self, partition: int) -> None:
        """Forget what was before."""
        self._spool.forget(partition)

    def add(self, placed: Placed, lane: Lane) -> None:
        """Spool the postings of a Decision."""
        decision = placed.decision
        number = 0
        for entry in decision.entries:
            for each in entry.postings:
                number += 1
                if self._code in ("", each.account):
                    self._spool.add(_spooled(decision, entry.flow, each, number, lane.interval))

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return a section for each account and currency."""
        sections: list[Section] = []
        proofs: list[Proof] = []
        for (code, currency), line in books.by_code().items():
            if self._code not in ("", code):
                continue
            rows = _Rows(self._spool, (code, currency), line.opening, lanes)
            closing: Row = ("", "", "", "", "Closing balance", "", None, None)
            sections.append(
                Section(
                    f"{code} {currency}: {CHART[code].purpose}",
                    COLUMNS,
                    rows,
                    ((*closing, Amount(line.closing, currency)),),
                )
            )
            proofs.append(self._proof(code, currency, line))
        return tuple(sections), or_nothing(proofs)

    def _proof(self, code: str, currency: str, line: Line) -> Proof:
        moved = sum(each.amount for each in self._spool.lines(code, currency))
        what = f"{code}: opening + postings = closing"
        return equal(what, line.opening + moved, line.closing, currency)


def _spooled(
    decision: Decision, flow: str, posting: Posting, number: int, interval: int
) -> Spooled:
    return Spooled(
        code=posting.account,
        currency=posting.currency,
        at=decision.decided_at,
        partition=decision.partition,
        sequence=decision.sequence,
        number=number,
        interval=interval,
        flow=flow,
        owner=posting.owner,
        command=decision.command_id,
        amount=posting.amount,
    )


@final
class _Rows:
    """The rows of an account, read from the spool each time."""

    def __init__(self, spool: Spool, key: tuple[str, str], opening: int, lanes: Lanes) -> None:
        self._spool: Final = spool
        self._key: Final = key
        self._opening: Final = opening
        self._lanes: Final = lanes

    def __iter__(self) -> Iterator[Row]:
        currency, balance = self._key[1], self._opening
        yield ("", "", "", "", "Opening balance", "", None, None, Amount(balance, currency))
        for each in self._spool.lines(*self._key):
            balance += each.amount
            debit = Amount(each.amount, currency) if each.amount > 0 else None
            credit = Amount(-each.amount, currency) if each.amount < 0 else None
            yield (
                self._lanes.by_partition[each.partition].booked(each.interval),
                time_text(each.at),
                f"{each.partition}/{each.sequence}",
                *(each.flow, each.owner, each.command, debit, credit),
                Amount(balance, currency),
            )
