"""Months: what the history of each wallet and month must come to, and what of a store's differs.

Owns: the rows of each month added up at its last few transactions.
Never: a row itself: an order names the Decisions from which they can be made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, final

from ledger.history import history_of
from ledger.tally import DIGEST_BYTES, MODULUS, row_digest
from ledger.units import month_bucket, month_unit
from schemas.messages.decisions import Decision
from schemas.messages.recon import HistoryHeld, MonthHeld, MonthPoint, MonthRow
from schemas.messages.vocabulary import Store
from streams.reconciliation.stores import ri10_history
from streams.reconciliation.stores.breaks import About, Wrong
from streams.reconciliation.stores.members import Members
from streams.reconciliation.stores.tables import Books

KIND: Final = 1
POINTS: Final = 8  # transactions of one wallet that may pass between a reading and its judgement
NOTHING: Final = MonthPoint(0, 0, bytes(DIGEST_BYTES))


@final
class Months:
    """The history of one partition as the log says."""

    def __init__(self, books: Books) -> None:
        self._rows: Final = books.months
        self._members: Final = Members(books, KIND)

    def take(self, offset: int, group: Sequence[Decision]) -> None:
        """Add the Decisions of one transaction, which begins at this offset."""
        added: dict[str, tuple[int, int, int]] = {}
        for decision in group:
            for row in history_of(decision):
                unit = month_unit(row[0], row[1])
                _, rows, total = added.get(unit, (0, 0, 0))
                added[unit] = (decision.sequence, rows + 1, total + row_digest(row))
        for unit, (last, rows, total) in added.items():
            before = self._rows.get(unit)
            if before is None:
                self._members.join(month_bucket(unit), unit)
                before = MonthRow(offset, (NOTHING,))
            newest = before.points[0]
            together = (total + int.from_bytes(newest.digest, "big")) % MODULUS
            digest = together.to_bytes(DIGEST_BYTES, "big")
            point = MonthPoint(last, newest.rows + rows, digest)
            points = (point, *before.points)[:POINTS]
            self._rows.put(unit, MonthRow(before.offset, points))

    def judged(self, store: Store, body: HistoryHeld) -> Iterator[tuple[About, Wrong | None]]:
        """Compare a bucket, month by month; those of which nothing can be said are left out."""
        held = {each.unit: each for each in body.months}
        members = list(self._members.units(body.bucket))
        for unit in held.keys() - set(members):
            self._members.join(body.bucket, unit)  # unknown to the log, and to be remembered
        for unit in dict.fromkeys((*members, *sorted(held))):
            found = held.get(unit, MonthHeld(unit, 0, NOTHING.digest))
            row = self._rows.get(unit)
            if row is None and not found.rows:
                self._members.leave(body.bucket, unit)
            expected = _expected(row, body.watermark)
            if expected is None:
                continue
            about = About(
                store,
                unit,
                f"{store.name} {unit}",
                body.watermark,
                0 if row is None else row.offset,
                expected.digest,
            )
            yield about, ri10_history.failed(expected, found)


def _expected(row: MonthRow | None, watermark: int) -> MonthPoint | None:
    """Return what must be held at a watermark; None where that was forgotten already."""
    if row is None:
        return NOTHING
    return next((each for each in row.points if each.sequence <= watermark), None)
