"""Speaker: says what one step of the facts job found.

Owns: the numbers of facts, by which a receiver drops repeats, and which standing breaks are open.
Never: decides whether something is wrong.
"""

from __future__ import annotations

from typing import Final, final

from schemas.codec import encode
from schemas.messages.recon import FactBody, Finding, NumberRow, OpenBreakRow, ReconFact
from schemas.messages.vocabulary import ReconCheck
from streams.reconciliation.internal.facts_tables import Books
from streams.reconciliation.internal.routes import route
from streams.runtime.job import Output
from topics.catalog import RECON_FACTS


@final
class Speaker:
    """Facts about one partition at one instant; `sequence` is 0 when a timer is the cause."""

    def __init__(self, books: Books, place: tuple[int, int], at: int, sequence: int = 0) -> None:
        self._books: Final = books
        self.partition, self._partitions = place
        self.at: Final = at
        self.sequence: Final = sequence
        self.outputs: Final[list[Output]] = []

    def say(self, body: FactBody) -> None:
        """Give a fact the next number of its way, and send it."""
        target, key = route(self.partition, body, self._partitions)
        row = self._books.numbers.get(target)
        number = 1 if row is None else row.number + 1
        self._books.numbers.put(target, NumberRow(number))
        fact = ReconFact(self.partition, number, self.at, body)
        self.outputs.append(Output(RECON_FACTS.name, target, key, encode(fact)))

    def found(self, check: ReconCheck, subject: str, detail: str, of: str = "") -> None:
        """Say that something happened that must not; nothing can make it equal again."""
        break_id = f"{check.name}-{self.partition}-{of or self.sequence}"
        self.say(self._finding(break_id, check, subject, detail))

    def stands(self, check: ReconCheck, subject: str, wrong: str | None) -> None:
        """Say once that something differs, and once that it is equal again."""
        about = f"{check.name} {subject}"
        row = self._books.breaks.get(about)
        if wrong is not None and row is None:
            break_id = f"{check.name}-{self.partition}-{subject}-{self.sequence}"
            self._books.breaks.put(about, OpenBreakRow(break_id))
            self.say(self._finding(break_id, check, subject, wrong))
        elif wrong is None and row is not None:
            self._books.breaks.delete(about)
            self.say(self._finding(row.break_id, check, subject, "", opened=False))

    def _finding(
        self, break_id: str, check: ReconCheck, subject: str, detail: str, *, opened: bool = True
    ) -> Finding:
        return Finding(break_id, check, opened, subject, self.sequence, detail)
