"""Counting: every row of a store read and added up, in a process beside the one that folds the log.

Owns: that process.
Never: compares; lives longer than the checks.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult, Pool
from typing import Final, final

from ops.checker.balances import Newest
from ops.checker.rows import Placed, RowSums

Rows = Callable[[], Iterator[Placed]]


@final
@dataclass(frozen=True, slots=True)
class Counted:
    """What the rows of a store come to."""

    sums: RowSums = field(default_factory=RowSums)
    newest: Newest = field(default_factory=Newest)


def counted(rows: Rows) -> Counted:
    """Read all rows once."""
    found = Counted()
    for placed in rows():
        found.sums.add((placed,))
        found.newest.add(placed)
    return found


@final
class Counting:
    """One process that reads store after store; `close` ends it, whatever it is doing."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._scans: Final[dict[str, AsyncResult[Counted]]] = {}

    def begin(self, store: str, rows: Rows) -> None:
        """Queue the scan of a store; `rows` is called over there."""
        if self._pool is None:
            # Ctrl-C reaches the whole group; this process is ended by its parent.
            ignoring = (signal.SIGINT, signal.SIG_IGN)
            self._pool = get_context("spawn").Pool(1, signal.signal, ignoring)
        self._scans[store] = self._pool.apply_async(counted, (rows,))

    def of(self, store: str) -> Counted:
        """Wait for the scan of a store. Raises what reading it raised."""
        return self._scans[store].get()

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
