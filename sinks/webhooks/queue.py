"""Queue: deliveries that are due, each in the hands of one sender, and what came of them.

Owns: the lock on a delivery while it is sent, and the transaction that keeps its outcome.
Never: sends.

A sender that dies lets go of its lock with its connection: the delivery is due again at once, under
the same message id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, final

import psycopg

from sinks.errors import StoreAway
from sinks.postgres.connection import connect, store_errors
from sinks.webhooks import statements
from sinks.webhooks.instants import instant, micros_of
from sinks.webhooks.kept import subscription_of
from sinks.webhooks.letter import Letter
from sinks.webhooks.schedule import Answer, Verdict, open_s

GONE: Final = "its endpoint answered 410"
ERROR_MAX: Final = 500  # characters of what went wrong
OWN: Final = 7  # columns of a delivery, before those of its subscription


class Standings(NamedTuple):
    """How much waits, and for how long."""

    due: int
    dead: int
    oldest_s: float
    breakers: int


@final
class Queue:
    """The tables, as one sender uses them; from one thread."""

    def __init__(self, dsn: str) -> None:
        self._dsn: Final = dsn
        self._held: psycopg.Connection | None = None

    def claim(self, busy: Sequence[str]) -> Letter | None:
        """Return the delivery that is due longest, of an endpoint that is not busy, locked."""
        with self._transaction() as connection:
            found = connection.execute(statements.WAITING, (list(busy),)).fetchall()
            for (name,) in found:
                row = connection.execute(statements.CLAIM, (name,)).fetchone()
                if row is not None:
                    return _letter(row)
            connection.rollback()
        return None

    def settle(self, letter: Letter, answer: Answer, verdict: Verdict, took_ms: int) -> None:
        """Keep the outcome of the attempt, and let go."""
        name, attempt = letter.to.subscription_id, letter.attempts + 1
        with self._transaction() as connection:
            error = answer.error[:ERROR_MAX].replace("\0", "")
            kept = (name, letter.event_id, attempt, took_ms, answer.status, error)
            connection.execute(statements.KEEP_ATTEMPT, kept)
            moved = {"state": verdict.state.value, "attempts": attempt, "wait_s": verdict.wait_s}
            place = {"subscription_id": name, "event_id": letter.event_id}
            connection.execute(statements.MOVE, {**moved, **place})
            _endpoint(connection, name, verdict)
            connection.commit()

    def postpone(self, letter: Letter, until: int) -> None:
        """Let go of a delivery that is not to be sent before a time; no attempt was made."""
        with self._transaction() as connection:
            place = (instant(until), letter.to.subscription_id, letter.event_id)
            connection.execute(statements.POSTPONE, place)
            connection.commit()

    def standings(self) -> Standings:
        """Return how much waits."""
        with self._transaction() as connection:
            row = connection.execute(statements.STANDING).fetchone()
            breakers = connection.execute(statements.OPEN_BREAKERS).fetchone()
            connection.rollback()
        assert row is not None, "counts are always there"
        assert breakers is not None, "counts are always there"
        return Standings(row[0], row[1], float(row[2]), breakers[0])

    def close(self) -> None:
        """Close the connection; what it holds is due again."""
        if self._held is not None:
            self._held.close()

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection]:
        """Give the connection; one that failed is given up, with the transaction it is in."""
        try:
            with store_errors():
                yield self._connection()
        except StoreAway:
            self.close()
            raise

    def _connection(self) -> psycopg.Connection:
        if self._held is None or self._held.closed or self._held.broken:
            self._held = connect(self._dsn, "ledger-webhooks-queue", autocommit=False)
        return self._held


def _letter(row: Sequence[Any]) -> Letter:
    event_id, message_id, kind, body, attempts, failures, now = row[:OWN]
    to = subscription_of(row[OWN:])
    return Letter(to, event_id, message_id, kind, body, attempts, failures, micros_of(now))


def _endpoint(connection: psycopg.Connection, name: str, verdict: Verdict) -> None:
    """Keep what an answer says of the endpoint."""
    if verdict.disables:
        connection.execute(statements.DISABLE, (GONE, name))
        connection.execute(statements.DROP_DUE, (name,))
    elif not verdict.fails:
        connection.execute(statements.ANSWERED, (name,))
    else:
        row = connection.execute(statements.FAILED, (name,)).fetchone()
        pause_s = open_s(row[0]) if row is not None else 0.0
        if pause_s:
            connection.execute(statements.OPEN, (pause_s, name))
