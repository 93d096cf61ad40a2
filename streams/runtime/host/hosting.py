"""Hosting: what Faust's parts and the partitions of one worker share.

Owns: the wiring between membership and lanes; the answers to what a partition asks of its host.
Never: global; hangs on the Faust app, one per process.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from streams.runtime.host.exits import ExitCode, Leave
from streams.runtime.host.fetching import Fetching
from streams.runtime.host.generation import Heartbeats
from streams.runtime.host.lanes import Lanes
from streams.runtime.host.seam import MakeRunner, Runner
from streams.runtime.job import Positions
from streams.runtime.ports import Ticket

BARRIER_S: Final = 8.0  # below the rebalance timeout, and below the 10 s a stop may take
NO_GENERATION: Final = -1  # aiokafka's, after the group forgot the member

Seek = Callable[[int, Ticket, Positions], None]
LeaveGroup = Callable[[], Awaitable[None]]


class Hosting:
    """One per Faust app, reachable as `app.hosting`; to a partition it is `ports.Host`."""

    def __init__(
        self,
        inputs: Sequence[str],
        make_runner: MakeRunner,
        leave: Leave,
        flowing: Callable[[], bool],
        *,
        traced: bool = False,
    ) -> None:
        def make(number: int) -> Runner:
            return make_runner(number, self)

        self.lanes: Final = Lanes(inputs, make, leave)
        self.fetching: Final = Fetching(self.lanes, flowing, traced=traced)
        self.leave: Final = leave
        self._heartbeats: Heartbeats | None = None
        self._seek: Seek | None = None
        self._leave_group: LeaveGroup | None = None

    def connect(self, heartbeats: Heartbeats, seek: Seek, leave_group: LeaveGroup) -> None:
        """Learn the consumer's side; called from its thread, before it joins the group."""
        self._heartbeats, self._seek, self._leave_group = heartbeats, seek, leave_group

    async def leave_group(self) -> None:
        """Tell the group we are gone, so that the successor starts at once. From the event loop."""
        if self._leave_group is not None:
            await self._leave_group()

    # What a partition asks, from its own thread.

    def ready(self, partition: int, ticket: Ticket, positions: Positions) -> None:
        """Seek every input and hand over with this ticket, unless the epoch is old."""
        if self._seek is not None and self.lanes.holds(partition, ticket.epoch):
            self._seek(partition, ticket, positions)

    def holds(self, partition: int, epoch: int) -> bool:
        """Say whether `epoch` is still the current assignment of the partition."""
        return self.lanes.holds(partition, epoch)

    def generation_confirmed(self, epoch: int, since: float) -> bool:
        """Say whether a heartbeat sent after `since` confirmed the epoch's generation."""
        generation, beats = self.lanes.generation_of(epoch), self._heartbeats
        return generation is not None and beats is not None and beats.confirmed(generation, since)

    def room(self, partition: int) -> None:
        """Look at what is wanted again: hand-overs were taken."""
        self.fetching.room()

    # What Faust's parts tell.

    def on_revoked(self, *, had_partitions: bool, generation: int) -> None:
        """Begin a new epoch; a member the group has forgotten must not go on."""
        self.lanes.bump()
        self.fetching.wake()
        if had_partitions and generation == NO_GENERATION and not self.lanes.stopping:
            self.leave(ExitCode.GENERATION_LOST, "the group went on without this worker")

    def barrier(self) -> None:
        """Close all lanes before a rebalance. Blocking."""
        self.lanes.barrier(time.monotonic() + BARRIER_S)

    def stop(self) -> None:
        """Close all lanes before leaving the group. Blocking; once."""
        if not self.lanes.stopping:
            self.lanes.stop(time.monotonic() + BARRIER_S)
