"""Inbox: facts become deliveries, together with the position in their topic or not at all.

Owns: the one transaction in which a position advances and what is to be told is kept.
Never: sends, or reads a topic.

A topic that comes again, by whatever cause, finds its events already kept under (subscription,
event id), in whatever state they are: nothing is told a second time because of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, final

import psycopg

from sinks.errors import StoreMoved, TopicReplaced
from sinks.postgres.connection import connect, store_errors
from sinks.webhooks import statements
from sinks.webhooks.events import Event, body_of
from sinks.webhooks.kept import subscription_of
from sinks.webhooks.subscription import Subscription

NOWHERE: Final = -1  # before a position that was never kept

Row = tuple[str, str, str, str, str, str]


class Move(NamedTuple):
    """Where a partition stood, and where it stands with what was read."""

    before: int
    after: int


@final
class Inbox:
    """The tables, as the reader of one topic uses them; from one thread."""

    def __init__(self, dsn: str, topic: str) -> None:
        self._dsn: Final = dsn
        self._topic: Final = topic
        self._held: psycopg.Connection | None = None

    def positions(self, topic_id: str) -> dict[int, int]:
        """Return the next offset by partition. Raises `TopicReplaced`."""
        with store_errors():
            rows = self._connection().execute(statements.POSITIONS, (self._topic,)).fetchall()
        if other := {found for _, found, _ in rows} - {topic_id}:
            raise TopicReplaced(
                f"{self._topic} was read under the id {other.pop()}, it is now {topic_id}: its ids "
                "would be taken for those already told. Delete its rows of webhook_position when "
                "it is the same ledger"
            )
        return {partition: offset for partition, _, offset in rows}

    def take(self, topic_id: str, moves: Mapping[int, Move], events: Iterable[Event]) -> int:
        """Keep what is to be told of these events; return how much that is."""
        with store_errors(), self._connection().transaction():
            connection = self._connection()
            for partition, move in moves.items():
                self._advance(connection, topic_id, partition, move)
            rows = connection.execute(statements.SUBSCRIPTIONS, {"every": False}).fetchall()
            wanted = deliveries_of(events, [subscription_of(row) for row in rows])
            if not wanted:
                return 0
            columns = [list(each) for each in zip(*wanted, strict=True)]
            return connection.execute(statements.DELIVER, columns).rowcount

    def close(self) -> None:
        """Close the connection."""
        if self._held is not None:
            self._held.close()

    def _advance(
        self, connection: psycopg.Connection, topic_id: str, partition: int, move: Move
    ) -> None:
        given = {"topic": self._topic, "partition": partition, "topic_id": topic_id}
        statement = statements.FIRST if move.before == NOWHERE else statements.ADVANCE
        done = connection.execute(statement, {**given, **move._asdict()})
        if done.rowcount != 1:
            raise StoreMoved(f"{self._topic} {partition} was moved by somebody else")

    def _connection(self) -> psycopg.Connection:
        if self._held is None or self._held.closed or self._held.broken:
            self._held = connect(self._dsn, "ledger-webhooks-inbox")
        return self._held


def deliveries_of(events: Iterable[Event], subscriptions: Sequence[Subscription]) -> list[Row]:
    """Return what is to be told to whom, each once."""
    found: dict[tuple[str, str], Row] = {}
    for event in events:
        wanting = [each for each in subscriptions if each.wants(event)]
        body = body_of(event) if wanting else ""
        for each in wanting:
            name = each.subscription_id
            row = (name, event.event_id, each.message_id(event.event_id), event.type)
            found.setdefault((name, event.event_id), (*row, event.wallet_id, body))
    return list(found.values())
