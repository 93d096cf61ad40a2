"""The mailbox of a partition: hand-overs waiting to be decided.

Owns: the queue per input topic, its bound, the check that nothing is missing in between.
Never: drops a hand-over of the current recovery, or skips a record to make positions fit.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from streams.runtime.errors import GapError
from streams.runtime.ports import HandOver, Ticket

NEVER: Final = Ticket(-1, -1)


class Mailbox:
    """Offered to by the fetching thread, emptied by the partition's."""

    def __init__(self, topics: Sequence[str], bound: int) -> None:
        self._bound: Final = bound
        self._queues: Final[dict[str, deque[HandOver]]] = {topic: deque() for topic in topics}
        self._changed: Final = threading.Condition()
        self._woken = False
        self._ticket = NEVER
        self._expected: dict[str, int] = {}
        self.dropped = 0
        self.taken = 0

    def has_room(self, topic: str) -> bool:
        """Say whether a hand-over of the topic may be offered; never before the first recovery."""
        return self._ticket is not NEVER and len(self._queues[topic]) < self._bound

    def offer(self, hand_over: HandOver) -> None:
        """Queue a hand-over; one of an older ticket is dropped when it is taken."""
        with self._changed:
            self._queues[hand_over.topic].append(hand_over)
            self._woken = True
            self._changed.notify()

    def wake(self) -> None:
        """End the partition's wait: something other than a hand-over happened."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def wait(self, seconds: float) -> None:
        """Wait for a hand-over or a wake, at most so long."""
        with self._changed:
            if not self._woken and seconds > 0:
                self._changed.wait(seconds)
            self._woken = False

    def reopen(self, ticket: Ticket, positions: Mapping[str, int]) -> None:
        """A recovery is through: take hand-overs of this ticket from these positions on."""
        with self._changed:
            for queue in self._queues.values():
                self.dropped += len(queue)
                queue.clear()
            self._expected = dict(positions)
            self._ticket = ticket

    def shut(self) -> None:
        """Take nothing until reopened."""
        with self._changed:
            self._ticket = NEVER
            for queue in self._queues.values():
                queue.clear()

    def take(self, topic: str) -> HandOver | None:
        """Return the topic's next hand-over; raises GapError when one is missing or repeated."""
        queue = self._queues[topic]
        while queue:
            with self._changed:
                hand_over = queue.popleft()
            if hand_over.ticket < self._ticket:
                self.dropped += 1
                continue
            self._check(hand_over)
            self._expected[topic] = hand_over.after
            self.taken += 1
            return hand_over
        return None

    def waiting(self) -> int:
        """Return how many records wait; for people."""
        return sum(len(each.records) for queue in self._queues.values() for each in tuple(queue))

    def _check(self, hand_over: HandOver) -> None:
        expected = self._expected[hand_over.topic]
        records = hand_over.records
        fits = hand_over.before == expected <= hand_over.after and (
            not records or expected <= records[0].offset <= records[-1].offset < hand_over.after
        )
        if not fits or hand_over.ticket != self._ticket:
            raise GapError(
                f"{hand_over.topic}: a hand-over of {len(records)} records from {hand_over.before} "
                f"to {hand_over.after} ({hand_over.ticket}), expected from {expected} "
                f"({self._ticket})"
            )
