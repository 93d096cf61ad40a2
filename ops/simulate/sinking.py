"""Sinks of a simulation: a store that outlives its writers, and two of them at once.

Owns: the store, the sink processes, their deaths and starts.
Never: writes a row; the shipped sinks do.
"""

from __future__ import annotations

from typing import Final, Protocol, final

from ops.simulate.coordinator import Place
from ops.simulate.feeder import feed
from ops.simulate.gate import Driver, Gate
from ops.simulate.log import VirtualLog
from ops.simulate.process import Process
from ops.simulate.stores import VirtualStore

WRITERS: Final = 2
RESTART_S: Final = 0.5


class Surroundings(Driver, Protocol):
    """What sinks need of the world."""

    def log(self, place: Place, /) -> VirtualLog:
        """Return a partition's log."""
        ...

    @property
    def partitions(self) -> int:
        """Return how many partitions there are."""
        ...


@final
class Sinking:
    """The sinks of a simulation."""

    def __init__(self, world: Surroundings, store: VirtualStore) -> None:
        self.store: Final = store
        self.processes: Final[list[Process]] = []
        self._world: Final = world
        self._starts = 0
        for _ in range(WRITERS):
            self._start()

    def _start(self) -> None:
        self._starts += 1
        process = Process(self._world, f"sink.{self._starts}", self._died)

        def work(gate: Gate) -> None:
            feed(gate, self.store.sink(gate), self._world.log, range(self._world.partitions))

        process.spawn("store", work)
        self.processes.append(process)

    def _died(self, process: Process, *, power: bool) -> None:
        del power  # the stores are servers elsewhere
        self.processes.remove(process)
        self._world.later(RESTART_S, self._start)
