"""Members: which units a bucket has, in rows of bounded size.

Owns: the rows, and how many units ever joined each bucket.
Never: what a unit is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, final

from schemas.messages.recon import MembersRow, NumberRow
from streams.reconciliation.stores.tables import Books

ROW: Final = 128  # units: a new one costs writing so many again, not the bucket
NONE: Final = MembersRow(())


@final
class Members:
    """The units of one kind."""

    def __init__(self, books: Books, kind: int) -> None:
        self._books: Final = books
        self._kind: Final = kind

    def units(self, bucket: int) -> Iterator[str]:
        """Yield the units of a bucket, in the order in which they joined."""
        for number in range(-(-self._joined(bucket) // ROW)):
            yield from self._row(bucket, number).units

    def join(self, bucket: int, unit: str) -> None:
        """Add a unit that is not there."""
        joined = self._joined(bucket)
        number = joined // ROW
        units = self._row(bucket, number).units
        self._books.members.put((self._kind, bucket, number), MembersRow((*units, unit)))
        self._books.joined.put((self._kind, bucket, 0), NumberRow(joined + 1))

    def leave(self, bucket: int, unit: str) -> None:
        """Take a unit away."""
        for number in range(-(-self._joined(bucket) // ROW)):
            units = self._row(bucket, number).units
            if unit in units:
                left = tuple([each for each in units if each != unit])
                self._books.members.put((self._kind, bucket, number), MembersRow(left))

    def _joined(self, bucket: int) -> int:
        row = self._books.joined.get((self._kind, bucket, 0))
        return 0 if row is None else row.number

    def _row(self, bucket: int, number: int) -> MembersRow:
        return self._books.members.get((self._kind, bucket, number)) or NONE
