"""Watch: when each partition's log grew, as a reader that never stops sees it.

Owns: one thread that reads committed Decisions and notes the moment; what halted meanwhile;
recovery times.
Never: reads what a Decision says.
"""

from __future__ import annotations

import threading
import time
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from confluent_kafka import Consumer, TopicPartition

from schemas.access.kafka import entering
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ops.chaos.field import Entry, Field

BATCH: Final = 2_000
TAKE_S: Final = 0.05
LOOK_S: Final = 1.0
# What was committed before a fault may reach the reader this much later.
UNDER_WAY_S: Final = 0.5


class Watch:
    """Reads until closed."""

    def __init__(self, field: Field, partitions: int) -> None:
        self.seen: Final = {number: array("d") for number in range(partitions)}
        self.halts: Final[set[str]] = set()
        self._field: Final = field
        self._consumer: Final = Consumer(
            {
                **entering(field.stack.endpoints.kafka),
                "group.id": "chaos-watch",  # never used: positions are assigned, nothing commits
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "fetch.wait.max.ms": 100,
                "log_level": 0,
            }
        )
        self._consumer.assign(
            [TopicPartition(EVENTS.name, number, 0) for number in range(partitions)]
        )
        self._stop: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    @property
    def decisions(self) -> int:
        """How many Decisions were committed so far."""
        return sum(map(len, self.seen.values()))

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()

    def _run(self) -> None:
        look = 0.0
        while not self._stop.is_set():
            for message in self._consumer.consume(BATCH, TAKE_S):
                partition = message.partition()
                if message.error() is None and partition is not None:
                    self.seen[partition].append(time.monotonic())
            if time.monotonic() > look:
                self.halts.update(self._field.halted())
                look = time.monotonic() + LOOK_S


def recoveries(entries: Iterable[Entry], seen: Mapping[int, Sequence[float]]) -> list[float]:
    """Return, for each fault that orphaned partitions, how long until all of them had a commit.

    Whatever else happened meanwhile is in there: a broker that was away, a second kill.
    """
    found = []
    for entry in entries:
        waits = [_wait(seen[number], entry.at) for number in entry.orphans]
        if waits:
            found.append(max(waits))
    return [wait for wait in found if wait != float("inf")]


def _wait(seen: Sequence[float], since: float) -> float:
    """Return the seconds until the first commit after a moment."""
    at = bisect_left(seen, since + UNDER_WAY_S)
    return seen[at] - since if at < len(seen) else float("inf")
