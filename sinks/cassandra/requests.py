"""Requests: which rows travel to Cassandra together.

Owns: the cut of a batch's rows into requests, and their bounds.
Never: I/O; the driver.

Theory. A request costs the driver and the server the same, whatever is in it: with one row in each
it is most of the work. So rows of one wallet and month go together, they are one mutation, and
small mutations share an unlogged batch: as many as Cassandra takes without a warning, with its own
settings (10 partition keys, 5 KiB). Nothing relies on such a batch being applied as a whole: the
position waits for every request, and a row that is written twice is the same row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ledger.history import HistoryKey, HistoryRow
from sinks.cassandra.encoding import Values, history_values, month_values

HISTORY: Final = 0
MONTH: Final = 1

Put = tuple[int, Values]  # HISTORY or MONTH, and the values of its statement
Request = list[Put]

ROWS_PER_REQUEST: Final = 50
KEYS_PER_REQUEST: Final = 10
# Cassandra counts a row's values and about 16 bytes a cell; some room is left below its 5 KiB.
BYTES_PER_REQUEST: Final = 4_800
BYTES_PER_CELL: Final = 16


def requests_of(
    grouped: Mapping[HistoryKey, Sequence[HistoryRow]], months: Sequence[HistoryKey]
) -> list[Request]:
    """Return what writes these rows, and lists these months."""
    cut = _Cut()
    for rows in grouped.values():
        for start in range(0, len(rows), ROWS_PER_REQUEST):
            some = rows[start : start + ROWS_PER_REQUEST]
            cut.add([(HISTORY, history_values(row)) for row in some])
    for key in months:
        cut.add([(MONTH, month_values(key))])
    return cut.requests


class _Cut:
    """Fills one request after the other."""

    def __init__(self) -> None:
        self.requests: Final[list[Request]] = []
        self._keys = KEYS_PER_REQUEST  # of the last request; as if it were full
        self._bytes = 0

    def add(self, puts: list[Put]) -> None:
        """Add what has one partition key: to the last request where it fits, else to a new one."""
        size = 0
        for _, values in puts:
            for value in values:
                size += len(value) + BYTES_PER_CELL
        if self._keys < KEYS_PER_REQUEST and self._bytes + size <= BYTES_PER_REQUEST:
            self.requests[-1] += puts
            self._keys += 1
            self._bytes += size
        else:
            self.requests.append(puts)
            self._keys = 1
            self._bytes = size
