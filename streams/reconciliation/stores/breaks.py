"""Breaks of a store: opened once, repaired by order, closed when the store is equal again.

Owns: the ids of breaks and events, and when a repair is ordered.
Never: compares. No repair is remembered as owed: a store that still differs when it is read again
is what orders the next one, so nothing is lost with a process that was to repair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from schemas.codec import encode
from schemas.messages.recon import (
    BalanceRepair,
    BreakClosed,
    BreakOpened,
    ReconBody,
    ReconEvent,
    RepairBegun,
    RepairEnded,
    RepairOrdered,
    StoreBreakRow,
)
from schemas.messages.vocabulary import Store
from streams.reconciliation.internal.checks.check import Check
from streams.reconciliation.stores.tables import Books
from streams.runtime.job import Output
from topics.catalog import RECON_EVENTS

# Longer than a repair takes, so that no two of them meet.
ORDER_AGAIN_US: Final = 10_000_000
# Then it waits for a person: the log does not heal what goes wrong so often.
ATTEMPTS_MAX: Final = 5
NO_BREAK: Final = StoreBreakRow(0, "", 0, 0)


@final
@dataclass(frozen=True, slots=True)
class About:
    """A bucket of a store, and how it is made anew."""

    store: Store
    bucket: str
    subject: str
    watermark: int
    offset: int
    expected: bytes
    balances: tuple[BalanceRepair, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Wrong:
    """What differs, in words, and the lowest sequence that may be it."""

    sequence: int
    detail: str


@final
class Breaks:
    """The breaks of one ledger partition in all stores."""

    def __init__(self, books: Books, partition: int) -> None:
        self._books: Final = books
        self._partition: Final = partition

    def judged(self, at: int, check: Check, about: About, wrong: Wrong | None) -> list[Output]:
        """Take what a comparison found."""
        key = f"{about.store.name} {about.bucket}"
        row = self._books.breaks.get(key) or NO_BREAK
        if wrong is None:
            return self._closed(at, key, row) if row.break_id else []
        if not row.break_id:
            return self._opened(at, check, about, wrong, (key, row))
        if at < row.ordered_at + ORDER_AGAIN_US or row.attempt >= ATTEMPTS_MAX:
            return []
        return [self._ordered(at, about, (key, row))]

    def told(self, at: int, body: RepairBegun | RepairEnded) -> Output:
        """Hand on what became of a repair."""
        step = "begun" if isinstance(body, RepairBegun) else "ended"
        return self._event(at, f"{body.break_id}-{step}-{body.attempt}", body.break_id, body)

    def _opened(
        self, at: int, check: Check, about: About, wrong: Wrong, held: tuple[str, StoreBreakRow]
    ) -> list[Output]:
        key, row = held
        times = row.times + 1
        break_id = f"{check.code.name}-{self._partition}-{about.bucket}-{times}"
        opened = BreakOpened(
            break_id,
            check.code,
            check.severity,
            check.action,
            self._partition,
            about.subject,
            wrong.sequence,
            wrong.detail,
        )
        said = self._event(at, f"{break_id}-opened", break_id, opened)
        return [said, self._ordered(at, about, (key, StoreBreakRow(times, break_id, 0, at)))]

    def _ordered(self, at: int, about: About, held: tuple[str, StoreBreakRow]) -> Output:
        key, row = held
        attempt, break_id = row.attempt + 1, row.break_id
        self._books.breaks.put(key, StoreBreakRow(row.times, break_id, attempt, at))
        order = RepairOrdered(
            break_id,
            attempt,
            about.store,
            about.bucket,
            about.watermark,
            about.offset,
            about.expected,
            about.balances,
        )
        return self._event(at, f"{break_id}-ordered-{attempt}", break_id, order)

    def _closed(self, at: int, key: str, row: StoreBreakRow) -> list[Output]:
        self._books.breaks.put(key, StoreBreakRow(row.times, "", 0, 0))
        closed = BreakClosed(row.break_id, "equal to the log again")
        return [self._event(at, f"{row.break_id}-closed", row.break_id, closed)]

    def _event(self, at: int, event_id: str, key: str, body: ReconBody) -> Output:
        event = ReconEvent(event_id, at, body)
        return Output(RECON_EVENTS.name, self._partition, key.encode(), encode(event))
