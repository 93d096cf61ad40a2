"""Tail: what was added to the log since the last look.

Owns: the reader, which partitions are read again and from where.
Never: reads the log from its beginning; follows in a thread of its own. A look at a broker that is
away raises, which a reader that follows would not.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import Final, final

from confluent_kafka import KafkaException

from ops.reading import TopicReader, sealed_tail
from ops.web.followed import Followed, Seen
from schemas.access.kafka import Servers
from topics.catalog import EVENTS

TIMEOUT_S: Final = 3.0
CLOSE_S: Final = 1.0
FIRST_RECORDS: Final = 256  # of each partition, at the first look
RECORDS_MAX: Final = 2_000  # of each partition, at any other; what is beyond is counted as missed


@final
class Tail:
    """The newest end of the log."""

    def __init__(self, address: Servers) -> None:
        self._address: Final = address
        self._reader: TopicReader | None = None
        self._lock: Final = Lock()
        self._ends: dict[int, int] = {}
        self._followed = Followed()

    def look(self) -> Seen:
        """Read what was added. Raises what the broker's absence raises."""
        with self._lock:
            reader = self._opened()
            try:
                return self._look(reader)
            except Exception:
                self._let_go()
                raise

    def close(self) -> None:
        """Let go of the broker, unless a look still waits for it: then the process's end does."""
        if self._lock.acquire(timeout=CLOSE_S):
            with suppress(KafkaException, RuntimeError):
                self._let_go()
            self._lock.release()

    def _look(self, reader: TopicReader) -> Seen:
        ends = reader.ends()
        if any(end < self._ends.get(number, 0) for number, end in ends.items()):
            # Another log than before: nothing of it is known.
            self._ends, self._followed = {}, Followed()
        moved = {number: end for number, end in ends.items() if end != self._ends.get(number, 0)}
        if moved:
            starts = {number: self._start(reader, number, end) for number, end in moved.items()}
            for placed in sealed_tail(reader.read(moved, start=starts), self._followed.damaged):
                self._followed.take(placed)
        self._ends = ends
        return self._followed.seen(reader.partitions)

    def _let_go(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _opened(self) -> TopicReader:
        if self._reader is None:
            self._reader = TopicReader(self._address, EVENTS.name, timeout_s=TIMEOUT_S)
        return self._reader

    def _start(self, reader: TopicReader, number: int, end: int) -> int:
        """Return where to read on: where the last look ended, or not too far before the end."""
        if number in self._ends:
            return max(self._ends[number], end - RECORDS_MAX)
        return max(reader.first(number), end - FIRST_RECORDS)
