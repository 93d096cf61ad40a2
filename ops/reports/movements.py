"""Movements: what happened to a wallet's accounts in a period, entry by entry.

Owns: what a statement tells of an entry: when, what, with whom, by which command; and where the
wallet's accounts stand in the books.
Never: adds movements up; the statements do.

Booked is the business day that was open when it was decided. Effective is the day, in the
programme's zone, on which whoever asked for it did so; what is late shows an earlier one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final, NamedTuple, final

from ledger.chart import CHART
from ledger.facts import counterparties
from ledger.results import COMMAND_TOPICS
from ops.reading import Placed
from ops.reports.books import Books, Line, Owned
from ops.reports.paper import Amount, Column, Kind, Section
from ops.reports.period import Lane, date_of
from ops.reports.words import words_of
from schemas.codec import decode
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.journal import JournalEntry

Touches = Callable[[str], bool]
PARTS: Final = (
    Column("of the closing balance"),
    Column("currency"),
    Column("amount", Kind.MONEY),
)


class Movement(NamedTuple):
    """One entry that touches the wallet."""

    interval: int
    effective: str
    sequence: int
    what: str
    counterparty: str
    reference: str
    entry: JournalEntry


@final
class Movements:
    """The entries of one wallet, in the order of its partition."""

    def __init__(self, wallet_id: str, touches: Touches) -> None:
        self.wallet_id: Final = wallet_id
        self._touches: Final = touches
        self.kept: Final[list[Movement]] = []

    def begin(self) -> None:
        """Forget what was before."""
        self.kept.clear()

    def add(self, placed: Placed, lane: Lane) -> None:
        """Keep what touches the wallet."""
        decision = placed.decision
        for entry in decision.entries:
            if any(self.is_own(each.account, each.owner) for each in entry.postings):
                others = counterparties(decision.events)
                movement = Movement(
                    lane.interval,
                    _effective(decision, lane),
                    decision.sequence,
                    words_of(entry.flow),
                    others.get(self.wallet_id, ""),
                    decision.command_id,
                    entry,
                )
                self.kept.append(movement)

    def is_own(self, account: str, owner: str) -> bool:
        """Tell whether a posting is on one of the wallet's accounts."""
        return owner == self.wallet_id and self._touches(account)

    def lines(self, books: Books) -> list[tuple[str, Line]]:
        """Return each currency with the sums over the wallet's accounts, in order."""
        sums: defaultdict[str, Line] = defaultdict(Line)
        for each in self._own(books):
            sums[each.currency].merge(each.line)
        return sorted(sums.items(), key=lambda pair: pair[0])

    def where_it_stands(self, books: Books) -> Section:
        """Return what the closing balances consist of, money to the wallet's good positive."""
        rows = tuple(
            (CHART[each.code].purpose, each.currency, Amount(-each.line.closing, each.currency))
            for each in self._own(books)
            if each.line.closing
        )
        return Section("Where it stands", PARTS, rows)

    def _own(self, books: Books) -> list[Owned]:
        return [each for each in books.accounts() if self.is_own(each.code, each.owner)]


def _effective(decision: Decision, lane: Lane) -> str:
    at = decision.decided_at
    source = decision.source
    if isinstance(source, InputSource) and source.topic in COMMAND_TOPICS and decision.input:
        at = min(at, decode(WalletCommand, decision.input).issued_at)
    return date_of(lane.calendar.day(at)).isoformat()
