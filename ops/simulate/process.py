"""A simulated process: strands that live, pause and die together.

Owns: death and pause of one incarnation. Machines and stores outlive it.
Never: knows what runs in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, final

from ops.simulate.gate import Driver, Gate
from ops.simulate.strands import Strand


class Died(Protocol):
    """What is told when a process has ended."""

    def __call__(self, process: Process, *, power: bool) -> None:
        """Every strand of it is gone; `power`: its machine lost power."""
        ...


@final
class Process:
    """One incarnation; satisfies `Victim`."""

    def __init__(self, driver: Driver, name: str, died: Died) -> None:
        self.name: Final = name
        self.dead = False
        self.asleep_until = 0.0
        self.strands: list[Strand] = []
        self._driver: Final = driver
        self._died: Final = died
        self._power = False

    def spawn(self, place: str, work: Callable[[Gate], None]) -> Strand:
        """Start a strand with a gate of its own."""
        gate = Gate(self._driver, self, place)
        gate.strand = Strand(f"{self.name}/{place}", lambda: work(gate))
        gate.strand.wake_at = self._driver.now
        self.strands.append(gate.strand)
        return gate.strand

    def die(self) -> None:
        """End without another line of code; the strands are ended by `bury`."""
        self.dead = True

    def lose_power(self) -> None:
        """End, and lose what the disk had not synced."""
        self.dead = self._power = True

    def pause(self, seconds: float) -> None:
        """Stop every strand for a while."""
        self.asleep_until = self._driver.now + seconds

    @property
    def awake(self) -> bool:
        """Say whether it runs now."""
        return not self.dead and self.asleep_until <= self._driver.now

    def bury(self) -> None:
        """End every strand of a dead process, and say so."""
        for strand in self.strands:
            strand.kill()
        self._died(self, power=self._power)
