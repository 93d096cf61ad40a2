"""Reads of the history: what a wallet saw, newest first.

Owns: every question that others may ask this store.
Never: writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from schemas.access.cassandra import Place
from sinks.answers import HistoryLine
from sinks.batch import Position
from sinks.cassandra.session import KEYSPACE, open_session, store_errors
from sinks.errors import StoreAway

__all__ = ["CassandraReads", "HistoryLine", "Position", "StoreAway"]

ROWS_MAX: Final = 1_000
NEWEST: Final = 2**63 - 1

MONTHS: Final = "SELECT month FROM {keyspace}.wallet_month WHERE wallet_id = ?"
HISTORY: Final = """
    SELECT wallet_id, month, sequence, partition, decided_at_us, command_id, outcome, reason,
           detail, stage, flow, counterparty, what, postings, balances
    FROM {keyspace}.history WHERE wallet_id = ? AND month = ? AND sequence < ? LIMIT ?
"""
POSITIONS: Final = (
    "SELECT partition, next_offset, sequence, chain, topic_id FROM {keyspace}.sink_position"
)
POSITION: Final = (
    "SELECT next_offset, sequence, chain, topic_id FROM {keyspace}.sink_position"
    " WHERE partition = ?"
)


class CassandraReads:
    """Answers from the history; connects when made."""

    def __init__(self, place: Place, keyspace: str = KEYSPACE) -> None:
        self._session: Final[Any] = open_session(place, keyspace)
        self._keyspace: Final = keyspace
        with store_errors():
            self._months = self._session.prepare(MONTHS.format(keyspace=keyspace))
            self._history = self._session.prepare(HISTORY.format(keyspace=keyspace))
            self._position = self._session.prepare(POSITION.format(keyspace=keyspace))

    def history(
        self, wallet_id: str, limit: int = 50, before: int = NEWEST
    ) -> tuple[HistoryLine, ...]:
        """Return the newest rows of a wallet below a sequence, over all months."""
        with store_errors():
            return tuple(islice(self._newest(wallet_id, before), min(limit, ROWS_MAX)))

    def positions(self) -> dict[int, Position]:
        """Return where the store stands, by partition."""
        with store_errors():
            rows = self._session.execute(POSITIONS.format(keyspace=self._keyspace))
            return {partition: Position(*rest) for partition, *rest in rows}

    def position(self, partition: int) -> Position | None:
        """Return where the store stands in one partition; None before its first Decision."""
        with store_errors():
            rows = self._session.execute(self._position, (partition,))
            return next((Position(*row) for row in rows), None)

    def close(self) -> None:
        """Close the session."""
        self._session.cluster.shutdown()

    def _newest(self, wallet_id: str, before: int) -> Iterator[HistoryLine]:
        for (month,) in self._session.execute(self._months, (wallet_id,)):
            for row in self._session.execute(self._history, (wallet_id, month, before, ROWS_MAX)):
                yield HistoryLine(*(*row[:13], tuple(row[13]), tuple(row[14])))
