"""A lane: one assignment of one partition to a simulated worker, as the Faust host drives it.

Owns: fetching from the virtual log, hand-overs with their tickets, the turns of the runner.
Never: looks into the runner; everything goes through its public face.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, final

from ops.simulate.gate import Gate
from ops.simulate.reader import Logs, record_at
from ops.simulate.strands import KilledError
from streams.runtime.job import Positions
from streams.runtime.partition import PartitionRunner
from streams.runtime.ports import HandOver, Ticket

FETCH_RECORDS: Final = 6
POLL_S: Final = 0.05
STUCK_S: Final = 2.0

# What of a process's hand-over arrives now, and what only before the next fetch.
Deliver = Callable[[str, HandOver], tuple[list[HandOver], list[HandOver]]]


@final
class Lane:
    """Fetches and turns until revoked."""

    def __init__(self, number: int, epoch: int, logs: Logs, deliver: Deliver) -> None:
        self.number: Final = number
        self.epoch: Final = epoch
        self.revoking = False
        self._logs: Final = logs
        self._deliver: Final = deliver
        self._ticket: Ticket | None = None
        self._positions: dict[str, int] = {}
        self._in_transit: list[HandOver] = []
        self._stuck_at = float("inf")

    def seek(self, ticket: Ticket, positions: Positions) -> None:
        """Fetch from these positions on, and stamp it with the ticket."""
        self._ticket, self._positions = ticket, dict(positions)
        self._stuck_at = float("inf")

    def run(self, runner: PartitionRunner, generation: int, gate: Gate) -> None:
        """Live, as `PartitionRunner.begin` would in a thread of its own."""
        runner.start(self.epoch, generation)
        while not self.revoking:
            self._fetch(runner, gate)
            gate.sleep(min(runner.turn(), POLL_S))
        runner.close()

    def _fetch(self, runner: PartitionRunner, gate: Gate) -> None:
        in_transit, self._in_transit = self._in_transit, []
        for each in in_transit:
            runner.offer(each)
        if gate.driver.now >= self._stuck_at:
            gate.process.die()  # as the host ends a process in which a hand-over got lost
            raise KilledError(gate.process.name)
        for topic in self._positions:
            log = self._logs((topic, self.number))
            if runner.has_room(topic) and log.stable_end > self._positions[topic]:
                hand_over = gate.io("fetch", partial(self._fetched, topic))
                arrived, late = self._deliver(gate.process.name, hand_over)
                self._in_transit += late
                if not arrived and not late:
                    self._stuck_at = min(self._stuck_at, gate.driver.now + STUCK_S)
                for each in arrived:
                    runner.offer(each)

    def _fetched(self, topic: str) -> HandOver:
        """Fetch once, moving our position as far as the fetch has looked."""
        place, before = (topic, self.number), self._positions[topic]
        log = self._logs(place)
        found = log.visible(before, FETCH_RECORDS)
        after = found[-1] + 1 if len(found) == FETCH_RECORDS else log.stable_end
        self._positions[topic] = after
        assert self._ticket is not None, "nothing is fetched before the first seek"
        return HandOver(
            topic=topic,
            partition=self.number,
            ticket=self._ticket,
            before=before,
            records=[record_at(log, place, offset) for offset in found],
            after=after,
        )
