"""The head row: where a partition of the ledger stands."""

from __future__ import annotations

from typing import Final

from ledger.view import ONE, PartitionView
from schemas.messages.rows import HeadRow

NO_HEAD: Final = HeadRow(0, 0, bytes(32), 1)


def head_of(view: PartitionView) -> HeadRow:
    """Return the head; before the first Decision, at sequence 0."""
    return view.head.get(ONE) or NO_HEAD
