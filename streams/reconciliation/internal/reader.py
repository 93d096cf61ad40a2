"""Reader: the sealed Decisions of a partition, from records as a job is given them.

Owns: the buffer of Decisions without their seal, the sequence and the chain head (RI03).
Never: stops at damage: it says what is wrong and goes on with what is there.
"""

from __future__ import annotations

from typing import Final, final

from ledger.sealing import CHAIN_START, chain_after
from schemas.codec import decode
from schemas.messages.decisions import Decision
from schemas.messages.recon import FactsHeadRow
from streams.reconciliation.internal.checks import ri03_sequence as ri03
from streams.reconciliation.internal.facts_tables import ONE, Books, Waiting

NO_HEAD: Final = FactsHeadRow(0, CHAIN_START, 0, 0, CHAIN_START)


@final
class Taken:
    """What a record led to: whole Decisions, and what is wrong with the place of this one."""

    __slots__ = ("at", "decisions", "sequence", "wrong")

    def __init__(self, decision: Decision, wrong: str | None, decisions: list[Waiting]) -> None:
        self.at: Final = decision.decided_at
        self.sequence: Final = decision.sequence
        self.wrong: Final = wrong
        self.decisions: Final = decisions


@final
class Reader:
    """Takes the records of one log partition in order."""

    def __init__(self, books: Books) -> None:
        self._books: Final = books

    def take(self, offset: int, value: bytes) -> Taken:
        """Buffer a Decision; hand out its group when it seals one."""
        decision = decode(Decision, value)
        head = self._books.head.get(ONE) or NO_HEAD
        again = ri03.repeated(head, decision.sequence)
        if again is not None:
            return Taken(decision, again, [])
        if ri03.begins_again(head, decision.sequence):
            head = self._voided(head)
        wrong = ri03.skipped(head, decision.sequence)
        chain = chain_after(head.last_chain, value)
        taken = Waiting(offset, chain, value, decision)
        if decision.seal is None:
            self._books.waiting.put(decision.sequence, taken)
            self._stand(head, decision, chain)
            return Taken(decision, wrong, [])
        group = [*self._drained(head), taken]
        wrong = wrong or ri03.unsealed(head, group[0].decision.sequence, decision)
        self._books.head.put(
            ONE,
            FactsHeadRow(decision.sequence, chain, decision.decided_at, decision.sequence, chain),
        )
        return Taken(decision, wrong, group)

    def _stand(self, head: FactsHeadRow, decision: Decision, chain: bytes) -> None:
        self._books.head.put(
            ONE, FactsHeadRow(head.sequence, head.chain, head.at, decision.sequence, chain)
        )

    def _voided(self, head: FactsHeadRow) -> FactsHeadRow:
        """Drop a torn transaction: its owner decides those inputs again."""
        self._drained(head)
        return FactsHeadRow(head.sequence, head.chain, head.at, head.sequence, head.chain)

    def _drained(self, head: FactsHeadRow) -> list[Waiting]:
        found = []
        for sequence in range(head.sequence + 1, head.last + 1):
            row = self._books.waiting.get(sequence)
            if row is not None:
                self._books.waiting.delete(sequence)
                found.append(row)
        return found
