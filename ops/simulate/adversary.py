"""The adversary: carries a fault schedule out.

Owns: what a waiting fault does to an operation, to a hand-over, or to the world at large.
Never: draws; every detail comes from the schedule.
"""

from __future__ import annotations

from typing import Final, final

from ops.simulate.blows import Blow
from ops.simulate.gate import Gate
from ops.simulate.schedule import Fault, Planned, Schedule
from ops.simulate.worker import Machine
from ops.simulate.world import World
from streams.runtime.ports import HandOver

Stream = tuple[str, str, int]  # process, topic, partition: tickets are a process's own
COPY_EVERY_TICKS: Final = 6
LOADING_MAX_S: Final = 5


@final
class Adversary:
    """Satisfies `Plan`."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule: Final = schedule
        self._earlier: Final[dict[Stream, HandOver]] = {}  # the last one of an older ticket
        self._last: Final[dict[Stream, HandOver]] = {}
        self._copies: Final[dict[tuple[str, int], dict[bytes, bytes]]] = {}
        self._ticks = 0

    def blow(self, step: int, operation: str, gate: Gate) -> Blow | None:
        """Return what strikes this operation."""
        del gate
        planned = self.schedule.strike(step, operation)
        return None if planned is None else planned.blow()

    def deliver(self, process: str, hand_over: HandOver) -> tuple[list[HandOver], list[HandOver]]:
        """Lose a hand-over, repeat it, or let one of an earlier ticket overtake it."""
        stream = process, hand_over.topic, hand_over.partition
        last = self._last.get(stream)
        if last is not None and last.ticket < hand_over.ticket:
            self._earlier[stream] = last
        self._last[stream] = hand_over
        if self.schedule.due(Fault.HAND_OVER_LOST):
            return [], []
        if self.schedule.due(Fault.HAND_OVER_REPEATED):
            return [hand_over, hand_over], []
        earlier = self._earlier.get(stream)
        if earlier is not None:
            planned = self.schedule.due(Fault.STALE_HAND_OVER)
            if planned is not None:
                return [_stale(earlier, hand_over, planned)], [hand_over]
        return [hand_over], []

    def assign(self, machines: list[str], shares: list[list[int]]) -> list[list[int]]:
        """Leave it as it was drawn."""
        del machines
        return shares

    def tick(self, world: World) -> None:
        """Do to the world at large what is due."""
        self._ticks += 1
        self._strike_cluster(world)
        self._strike_machines(world)
        if self._ticks % COPY_EVERY_TICKS == 0:
            for machine in world.crew.machines:
                for number, disk in machine.disks.items():
                    self._copies[machine.name, number] = dict(disk.rows)

    def _strike_cluster(self, world: World) -> None:
        if self.schedule.waits_for(Fault.TRANSACTION_ABORTED) and world.coordinator.any_open():
            self.schedule.due(Fault.TRANSACTION_ABORTED)
            world.coordinator.scan(all_open=True)
        planned = self.schedule.due(Fault.GROUP_LOADING)
        if planned is not None:
            world.group.load(planned.number % LOADING_MAX_S)
        good = [place for place in world.places.values() if place.damageable]
        planned = self.schedule.due(Fault.SNAPSHOT_DAMAGED) if good else None
        if planned is not None:
            good[planned.number % len(good)].damage()

    def _strike_machines(self, world: World) -> None:
        planned = self.schedule.due(Fault.REBALANCE)
        if planned is not None:
            world.crew.leave(_chosen(world, planned))
        planned = self.schedule.due(Fault.STATE_LOST)
        if planned is not None:
            self._replace(world, _chosen(world, planned), copies=False)
        planned = self.schedule.due(Fault.STATE_OLD)
        if planned is not None:
            self._replace(world, _chosen(world, planned), copies=True)

    def _replace(self, world: World, machine: Machine, *, copies: bool) -> None:
        """Kill a worker; before it starts again its state is gone, or an old copy is in place."""
        world.crew.kill(machine)
        for number, disk in machine.disks.items():
            disk.replace(self._copies.get((machine.name, number), {}) if copies else {})


def _chosen(world: World, planned: Planned) -> Machine:
    machines = world.crew.machines
    return machines[planned.number % len(machines)]


def _stale(earlier: HandOver, present: HandOver, planned: Planned) -> HandOver:
    """Return a hand-over from before the last seek; half of them would fit but for their ticket."""
    if planned.number % 2:
        return earlier
    return HandOver(
        topic=present.topic,
        partition=present.partition,
        ticket=earlier.ticket,
        before=present.before,
        records=(),
        after=present.after,
    )
