"""Steps of the stores job: Decisions and attestations in, breaks and orders to repair out.

Owns: which attestation waits for which Decision, and what is compared when.
Never: sums, or the life of a break.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from ledger.tally import digest_of, sequences_of
from schemas.codec import decode
from schemas.messages.decisions import Decision
from schemas.messages.recon import (
    Attestation,
    BalancesHeld,
    HistoryHeld,
    JournalHeld,
    NumberRow,
    RepairBegun,
    RepairEnded,
)
from schemas.messages.vocabulary import Store
from streams.reconciliation.stores import ri09_journal, ri10_history, ri11_balances
from streams.reconciliation.stores.balances import Balances
from streams.reconciliation.stores.breaks import About, Breaks
from streams.reconciliation.stores.journal import Journal
from streams.reconciliation.stores.months import Months
from streams.reconciliation.stores.tables import ONE, Books
from streams.runtime.job import InputRecord, Output
from topics.catalog import EVENTS

Held = JournalHeld | HistoryHeld | BalancesHeld


@final
class StoresSteps:
    """Satisfies `streams.runtime.changelog.Steps`; is shown Decisions of whole transactions."""

    def __init__(self, books: Books, partition: int) -> None:
        self._books: Final = books
        self._partition: Final = partition
        self._journal: Final = Journal(books)
        self._balances: Final = Balances(books)
        self._months: Final = Months(books)
        self._breaks: Final = Breaks(books, partition)
        self._group: list[Decision] = []
        self._offset = 0  # where the group began

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Take a Decision or an attestation."""
        assert record.value is not None, "neither topic has a record without a value"
        if record.topic == EVENTS.name:
            return self._decision(record.offset, record.append_time, record.value)
        attestation = decode(Attestation, record.value)
        body = attestation.body
        if isinstance(body, (RepairBegun, RepairEnded)):
            return (self._breaks.told(record.append_time, body),)
        needed = _needed(body)
        head = self._books.head.get(ONE)
        if head is None or head.number < needed:
            self._books.waiting.put((needed, record.offset), attestation)
            return ()
        return self._judged(record.append_time, attestation.store, body)

    def fire(self, until: int) -> Sequence[Output] | None:
        """Nothing is due by time: auditors read stores round the clock."""
        del until
        return None

    def _decision(self, offset: int, at: int, value: bytes) -> Sequence[Output]:
        """Buffer a Decision until its seal, which comes in the same call of the runtime."""
        decision = decode(Decision, value)
        if not self._group:
            self._offset = offset
        self._group.append(decision)
        if decision.seal is None:
            return ()
        group, self._group = self._group, []
        self._journal.take(self._offset, group)
        self._balances.take(group)
        self._months.take(self._offset, group)
        self._books.head.put(ONE, NumberRow(decision.sequence))
        return self._caught_up(at, decision.sequence)

    def _caught_up(self, at: int, sequence: int) -> list[Output]:
        """Compare what was attested of sequences that the log had not told yet."""
        said: list[Output] = []
        while found := self._books.waiting.first(1):
            ((key, attestation),) = found
            if key[0] > sequence:
                break
            self._books.waiting.delete(key)
            body = attestation.body
            assert not isinstance(body, (RepairBegun, RepairEnded)), "they wait for nothing"
            said += self._judged(at, attestation.store, body)
        return said

    def _judged(self, at: int, store: Store, body: Held) -> list[Output]:
        if isinstance(body, JournalHeld):
            return self._judged_journal(at, store, body)
        said: list[Output] = []
        if isinstance(body, HistoryHeld):
            for month, wrong in self._months.judged(store, body):
                said += self._breaks.judged(at, ri10_history.CHECK, month, wrong)
            return said
        for each in self._balances.judged(body):
            about = About(
                store, each.unit, f"{store.name} {each.unit}", body.covered, 0, b"", each.repairs
            )
            said += self._breaks.judged(at, ri11_balances.CHECK, about, each.wrong)
        return said

    def _judged_journal(self, at: int, store: Store, body: JournalHeld) -> list[Output]:
        expected = self._journal.expected(body.bucket, body.watermark)
        if expected is None:
            return []  # a store that far behind is compared when its bucket is whole
        first, last = sequences_of(body.bucket)
        about = About(
            store,
            str(body.bucket),
            f"{store.name} sequences {first}-{last}",
            min(body.watermark, last),
            self._journal.offset(body.bucket),
            digest_of(expected),
        )
        wrong = ri09_journal.failed(body.bucket, expected, body.held)
        return self._breaks.judged(at, ri09_journal.CHECK, about, wrong)


def _needed(body: Held) -> int:
    """Return the sequence to which the log must have been followed before a comparison."""
    if isinstance(body, BalancesHeld):
        return body.covered
    if isinstance(body, HistoryHeld):
        return body.watermark
    return min(body.watermark, sequences_of(body.bucket)[1])
