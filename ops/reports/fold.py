"""Fold: one pass over the log, for any report.

Owns: what is read, and when it is enough.
Never: holds the log; a sheet keeps what its report shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from ops.reading import Placed
from ops.reports.books import Books
from ops.reports.paper import Proof, Report, Section
from ops.reports.period import Lane, Lanes, Period
from schemas.messages.policy import Zone


class Sheet(Protocol):
    """What one report gathers besides the books, and what it makes of both."""

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """What it is about, such as a wallet."""

    def begin(self, partition: int) -> None:
        """Let the period of a partition begin here."""

    def add(self, placed: Placed, lane: Lane) -> None:
        """Take a sealed Decision; of each partition in order of sequence."""

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return what it shows and proves."""


OfBooks = Callable[[Books], tuple[tuple[Section, ...], tuple[Proof, ...]]]


@dataclass(frozen=True, slots=True)
class BooksAlone:
    """A report that needs the books and nothing else."""

    make: OfBooks
    about: tuple[tuple[str, str], ...] = ()

    def begin(self, partition: int) -> None:
        """Gather nothing."""

    def add(self, placed: Placed, lane: Lane) -> None:
        """Gather nothing."""

    def made(self, books: Books, lanes: Lanes) -> tuple[tuple[Section, ...], tuple[Proof, ...]]:
        """Return what it shows and proves."""
        del lanes
        return self.make(books)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report of which period; `zone` is the programme's before any policy was activated."""

    name: str
    title: str
    sheet: Sheet
    period: Period
    zone: Zone


def fold(log: Iterable[Placed], partitions: Collection[int], asked: Asked) -> Report:
    """Read sealed Decisions until every partition has come to the end, and return the report."""
    books, sheet = Books(), asked.sheet
    lanes = Lanes(partitions, asked.period, asked.zone)
    ledger = ""
    for placed in log:
        lane = lanes.lane_of(placed)
        if lane is not None:
            ledger = placed.decision.ledger_id
            books.add(placed.decision)
            sheet.add(placed, lane)
            if lanes.pass_by(lane, placed):
                books.begin(lane.partition)
                sheet.begin(lane.partition)
        if not lanes.waiting:
            break
    lanes.check()
    sections, proofs = sheet.made(books, lanes)
    facts = (("ledger", ledger), *sheet.about, *lanes.facts())
    return Report(
        asked.name, asked.title, facts, sections, (*proofs, books.proof()), lanes.stands()
    )
