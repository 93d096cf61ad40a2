"""Spool: more lines than memory should hold, in a temporary database, read in order.

Owns: the file, which is gone with the process.
Never: knows what the lines mean; the order is by account, then time, then place in the log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple, final

ROWS_AT_ONCE: Final = 5_000
_TABLE: Final = """
    CREATE TABLE line (code TEXT, currency TEXT, at INTEGER, partition INTEGER, sequence INTEGER,
    number INTEGER, interval INTEGER, flow TEXT, owner TEXT, command TEXT, amount INTEGER)
"""
_INSERT: Final = "INSERT INTO line VALUES (?,?,?,?,?,?,?,?,?,?,?)"
_SELECT: Final = """
    SELECT * FROM line WHERE code = ? AND currency = ? ORDER BY at, partition, sequence, number
"""


class Spooled(NamedTuple):
    """One posting; `number` is its place in its Decision."""

    code: str
    currency: str
    at: int
    partition: int
    sequence: int
    number: int
    interval: int
    flow: str
    owner: str
    command: str
    amount: int


@final
class Spool:
    """Lines of accounts, written in any order."""

    def __init__(self) -> None:
        # An empty name is a database in a temporary file, which sqlite removes.
        self._store: Final = sqlite3.connect("", isolation_level=None)
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute("PRAGMA synchronous = OFF")
        self._store.execute(_TABLE)
        self._waiting: Final[list[Spooled]] = []
        self._indexed = False

    def add(self, line: Spooled) -> None:
        """Write a line."""
        self._waiting.append(line)
        if len(self._waiting) >= ROWS_AT_ONCE:
            self._write()

    def forget(self, partition: int) -> None:
        """Drop what a partition wrote."""
        self._write()
        self._store.execute("DELETE FROM line WHERE partition = ?", (partition,))

    def lines(self, code: str, currency: str) -> Iterator[Spooled]:
        """Yield the lines of an account in order."""
        self._write()
        if not self._indexed:
            self._store.execute("CREATE INDEX by_account ON line (code, currency, at)")
            self._indexed = True
        for row in self._store.execute(_SELECT, (code, currency)):
            yield Spooled(*row)

    def _write(self) -> None:
        if self._waiting:
            self._store.execute("BEGIN")
            self._store.executemany(_INSERT, self._waiting)
            self._store.execute("COMMIT")
            self._waiting.clear()
