"""Lanes: the partitions this worker has, and the epoch that separates one assignment from the next.

Owns: our own epoch counter, the barrier before a rebalance or stop, the way of a hand-over to its
partition.
Never: trusts the group's generation alone: it changes only after the barrier should be up.

Three kinds of threads meet here. The fetching thread calls `bump`, `barrier`, `assigned`, `lane`
and `lanes`; the event loop `start`, `deliver` and `stop`; a partition's thread only `holds` and
`generation_of`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from streams.runtime.host.assignment import SplitAssignmentError, partition_numbers
from streams.runtime.host.exits import ExitCode, Leave
from streams.runtime.host.lane import Lane
from streams.runtime.host.seam import Runner
from streams.runtime.ports import HandOver

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the last completed rebalance gave us."""

    epoch: int
    generation: int
    pairs: frozenset[tuple[str, int]]


class Lanes:
    """All partition numbers of this worker."""

    def __init__(self, inputs: Sequence[str], make: Callable[[int], Runner], leave: Leave) -> None:
        self.inputs: Final = tuple(inputs)
        self.epoch = 0  # written by the fetching thread; by the event loop once, when it stops
        self.stopping = False
        self.entered = False  # a first assignment was completed; it may be empty
        self._turning: Final = threading.Lock()  # an epoch ends, or its lanes start: never both
        self._closing: Final = threading.Lock()  # one barrier at a time
        self._make: Final = make
        self._leave: Final = leave
        self._lanes: Mapping[int, Lane] = {}  # replaced as a whole, so that readers need no lock
        self._assigned: Assigned | None = None

    def bump(self) -> None:
        """Begin a new epoch: whatever is on its way from now on belongs to the past."""
        with self._turning:
            self.epoch += 1
            self._assigned = None

    def barrier(self, deadline: float) -> None:
        """Close all lanes at once: open groups finished or aborted, stores closed. Blocking."""
        with self._closing:
            self._close(deadline)

    def _close(self, deadline: float) -> None:
        lanes, self._lanes = tuple(self._lanes.values()), {}
        if not lanes:
            return
        for lane in lanes:
            lane.runner.request_revoke()
        with ThreadPoolExecutor(len(lanes), "barrier") as pool:
            closed = list(pool.map(lambda lane: lane.close(deadline), lanes))
        late = [lane.number for lane, done in zip(lanes, closed, strict=True) if not done]
        if late:
            self._leave(ExitCode.BARRIER_MISSED, f"partitions {late} did not close in time")

    def assigned(self, generation: int, pairs: frozenset[tuple[str, int]]) -> None:
        """Remember what the rebalance gave us; the threads start when Faust has completed it."""
        self._assigned = Assigned(self.epoch, generation, pairs)

    def start(self) -> None:
        """Start the thread of every assigned partition, and return at once."""
        with self._turning:
            self._start()

    def _start(self) -> None:
        assigned = self._assigned
        if assigned is None or assigned.epoch != self.epoch or self.stopping or self._lanes:
            return  # the next rebalance has begun already, and will be completed too
        try:
            numbers = partition_numbers(assigned.pairs, self.inputs)
        except SplitAssignmentError as error:
            self._leave(ExitCode.ASSIGNMENT, str(error))
            return
        LOG.info(
            "epoch %d, generation %d: partitions %s", assigned.epoch, assigned.generation, numbers
        )
        self._lanes = {
            n: Lane(n, assigned.epoch, assigned.generation, self._make(n)) for n in numbers
        }
        self.entered = True
        for lane in self._lanes.values():
            lane.start(self._ended)

    def deliver(self, hand_over: HandOver) -> None:
        """Give a hand-over to its partition; one of an older epoch is dropped."""
        lane = self._lanes.get(hand_over.partition)
        if lane is not None and lane.epoch == hand_over.ticket.epoch == self.epoch:
            lane.deliver(hand_over)

    def stop(self, deadline: float) -> None:
        """Raise the barrier of a planned stop. Blocking."""
        self.stopping = True
        self.bump()
        self.barrier(deadline)

    def holds(self, number: int, epoch: int) -> bool:
        """Say whether `epoch` is still the current assignment of the partition."""
        lane = self._lanes.get(number)
        return lane is not None and lane.epoch == epoch == self.epoch

    def generation_of(self, epoch: int) -> int | None:
        """Return the group's generation of an epoch, or None when the epoch is not current."""
        assigned = self._assigned
        return assigned.generation if assigned is not None and assigned.epoch == epoch else None

    def lane(self, number: int) -> Lane | None:
        """Return the lane of a partition number, if this worker has it."""
        return self._lanes.get(number)

    def lanes(self) -> tuple[Lane, ...]:
        """Return all lanes."""
        return tuple(self._lanes.values())

    def look(self) -> None:
        """Look once whether a hand-over was lost on its way through Faust."""
        for lane in self.lanes():
            if lane.stuck():
                self._leave(ExitCode.STUCK, f"partition {lane.number}: a hand-over never arrived")

    def _ended(self, lane: Lane, error: BaseException | None) -> None:
        """Judge the end of a partition's thread: in order only when its epoch is over."""
        name = f"partition {lane.number}"
        if error is not None:
            LOG.critical("%s: its thread ended", name, exc_info=error)
            self._leave(ExitCode.of(error), f"{name}: {error!r}")
        elif self.holds(lane.number, lane.epoch):
            self._leave(ExitCode.HOST_CRASHED, f"{name}: its thread ended by itself")
