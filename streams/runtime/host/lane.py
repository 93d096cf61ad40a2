"""Lane: one partition number of this worker, from its assignment to the next rebalance.

Owns: the dedicated thread of a partition, and how much of it is on its way through Faust.
Never: outlives its epoch. After every rebalance each partition gets a new lane, retained ones too.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from streams.runtime.host.seam import Runner
from streams.runtime.ports import HandOver, Ticket

# Hand-overs of one topic between the fetching thread and the runner. One would leave the runner
# waiting for a round trip through the event loop; more only adds memory.
IN_TRANSIT_MAX: Final = 2
# The way through Faust takes milliseconds. Lost on it, a hand-over would stop its topic for ever.
STUCK_LOOKS: Final = 30


class Lane:
    """The thread that runs one partition, and the gate in front of it."""

    def __init__(self, number: int, epoch: int, generation: int, runner: Runner) -> None:
        self.number: Final = number
        self.epoch: Final = epoch
        self.generation: Final = generation
        self.runner: Final = runner
        self.ticket: Ticket | None = None  # of the last seek; written by the fetching thread
        self._emitted: Final[Counter[str]] = Counter()  # by topic; the fetching thread writes
        self._delivered: Final[Counter[str]] = Counter()  # by topic; the event loop writes
        self._delivered_before = self._looks_without = 0
        self._thread: threading.Thread | None = None

    def start(self, ended: Callable[[Lane, BaseException | None], None]) -> None:
        """Start the partition's own thread: it fences, recovers, calls back and then works."""

        def run() -> None:
            try:
                self.runner.begin(self.epoch, self.generation)
            except BaseException as error:  # noqa: BLE001 - whatever it is, `ended` decides
                ended(self, error)
            else:
                ended(self, None)

        self._thread = threading.Thread(target=run, name=f"partition-{self.number}", daemon=True)
        self._thread.start()

    def wants(self, topic: str) -> bool:
        """Tell whether the fetching thread may take more of this topic."""
        in_transit = self._emitted[topic] - self._delivered[topic]
        return (
            self.ticket is not None and in_transit < IN_TRANSIT_MAX and self.runner.has_room(topic)
        )

    def stuck(self) -> bool:
        """Look once; True when for many looks something is on its way and nothing arrives.

        Counted in looks, not in seconds: a process that was stopped for a while is not stuck.
        """
        delivered = self._delivered.total()
        waits = self._emitted.total() > delivered and delivered == self._delivered_before
        self._looks_without = self._looks_without + 1 if waits else 0
        self._delivered_before = delivered
        return self._looks_without >= STUCK_LOOKS

    def emitted(self, topic: str) -> None:
        """Count a hand-over that left the fetching thread."""
        self._emitted[topic] += 1

    def deliver(self, hand_over: HandOver) -> None:
        """Give a hand-over to the runner; never blocks."""
        self._delivered[hand_over.topic] += 1
        self.runner.offer(hand_over)

    def close(self, deadline: float) -> bool:
        """Finish or abort the open group and end the thread; False when it is not over in time."""
        if self._thread is None:
            return True
        revoked = self.runner.revoke(_remaining_s(deadline))
        self._thread.join(_remaining_s(deadline))
        return revoked and not self._thread.is_alive()


def _remaining_s(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
