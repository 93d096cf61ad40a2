"""Intake: one topic of facts read from where its position stands, without a group.

Owns: the polling loop, and what a record of the topic is.
Never: skips a record that cannot be read: it ends the process, loudly.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final, Protocol, final

from confluent_kafka import OFFSET_BEGINNING

from schemas.codec import decode
from schemas.messages.automation import AutomationNotice
from schemas.messages.facts import AttemptFact, TransactionFact
from sinks.backoff import wait_s
from sinks.errors import BrokerAway, StoreAway, StoreMoved
from sinks.source import Record, Source
from sinks.webhooks.events import Event, of_attempt, of_change, of_notice
from sinks.webhooks.inbox import NOWHERE, Move
from topics.catalog import ATTEMPTS, AUTOMATION_NOTICES, TRANSACTIONS

POLL_S: Final = 0.1
log = logging.getLogger("webhooks")

Reader = Callable[[bytes], Event | None]


def _change(value: bytes) -> Event:
    return of_change(decode(TransactionFact, value))


def _attempt(value: bytes) -> Event:
    return of_attempt(decode(AttemptFact, value))


def _notice(value: bytes) -> Event | None:
    return of_notice(decode(AutomationNotice, value))


# `wallet.balances.v1` is compacted: what is told of it would depend on when it was read.
READERS: Final[Mapping[str, Reader]] = {
    TRANSACTIONS.name: _change,
    ATTEMPTS.name: _attempt,
    AUTOMATION_NOTICES.name: _notice,
}


class Keeping(Protocol):
    """What an intake needs of an inbox."""

    def positions(self, topic_id: str) -> dict[int, int]:
        """Return the next offset by partition."""
        ...

    def take(self, topic_id: str, moves: Mapping[int, Move], events: list[Event]) -> int:
        """Keep what is to be told, with the positions."""
        ...


@final
class Intake:
    """The reader of one topic; from one thread."""

    def __init__(self, topic: str, source: Source, inbox: Keeping, stop: threading.Event) -> None:
        self.topic: Final = topic
        self._read: Final = READERS[topic]
        self._source: Final = source
        self._inbox: Final = inbox
        self._stop: Final = stop
        self._topic_id = ""
        self._at: dict[int, int] = {}
        self._gone: set[int] = set()  # partitions whose position retention has deleted
        self.turns = 0
        self.kept = 0
        self.retries = 0
        self.lag: int | None = None  # offsets, once the client has heard of the ends

    def run(self) -> None:
        """Read until told to stop; trouble of a server is waited out."""
        attempt = 0
        while not self._stop.is_set():
            try:
                self.begin()
                attempt = 0
                while not self._stop.is_set():
                    self.turn()
            except (BrokerAway, StoreAway, StoreMoved) as away:
                attempt, self.retries = attempt + 1, self.retries + 1
                log.warning("%s: attempt %d: %s", self.topic, attempt, away)
                self._stop.wait(wait_s(attempt, self.topic))

    def begin(self) -> None:
        """Read on from the kept positions."""
        partitions, self._topic_id = self._source.describe()
        held = self._inbox.positions(self._topic_id)
        self._at = {number: held.get(number, NOWHERE) for number in range(partitions)}
        self._source.assign(
            {
                number: OFFSET_BEGINNING if at == NOWHERE or number in self._gone else at
                for number, at in self._at.items()
            }
        )

    def turn(self) -> None:
        """Take what arrived."""
        records, lost = self._source.poll(POLL_S)
        if complaint := self._source.complaint():
            log.info("%s: %s", self.topic, complaint)
        if records:
            self._take(records)
        if lost:
            for number, why in lost.items():
                log.critical("%s %d: read from its beginning: %s", self.topic, number, why)
            self._gone.update(lost)
            raise BrokerAway(f"{self.topic}: positions that are no longer there")
        self.lag = self._behind()
        self.turns += 1

    def _behind(self) -> int | None:
        ends = {number: self._source.end(number) for number in self._at}
        if any(end < 0 for end in ends.values()):
            return None
        return sum(max(0, end - max(0, self._at[number])) for number, end in ends.items())

    def _take(self, records: Mapping[int, list[Record]]) -> None:
        events = [
            event
            for some in records.values()
            for _, value, _ in some
            if (event := self._read(value)) is not None
        ]
        moves = {
            number: Move(self._at[number], some[-1][0] + 1) for number, some in records.items()
        }
        self.kept += self._inbox.take(self._topic_id, moves, events)
        self._at.update({number: move.after for number, move in moves.items()})
        self._gone.difference_update(records)
