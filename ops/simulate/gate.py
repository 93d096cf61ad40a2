"""The gate: every I/O operation of a simulated process passes here, one step each.

Owns: what a blow does around one operation: effect first, last, or later.
Never: knows what the operation is for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol, TypeVar, final

from ops.simulate.blows import Blow, Harm, Moment
from ops.simulate.strands import KilledError, Strand

T = TypeVar("T")
Lost = Callable[[str], Exception]  # makes the error that the caller of a lost answer sees


class Victim(Protocol):
    """A process, as a blow sees it."""

    dead: bool

    @property
    def name(self) -> str:
        """Return its name."""
        ...

    def die(self) -> None:
        """End without another line of code."""
        ...

    def lose_power(self) -> None:
        """End, and lose what the disk had not synced."""
        ...

    def pause(self, seconds: float) -> None:
        """Stop every strand for a while."""
        ...


class Driver(Protocol):
    """What the gate needs of the world."""

    now: float

    def step(self, gate: Gate, operation: str) -> Blow | None:
        """Count an operation, let time and others pass; say what strikes it."""
        ...

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Do something after so many virtual seconds."""
        ...


@final
class Gate:
    """The way out of one strand of one process."""

    def __init__(self, driver: Driver, process: Victim, place: str) -> None:
        self.driver: Final = driver
        self.process: Final = process
        self.place: Final = place
        self.strand: Strand | None = None
        self._late: list[tuple[int, Callable[[], None]]] = []  # requests left, request

    def io(self, operation: str, effect: Callable[[], T], lost: Lost | None = None) -> T:
        """Do one I/O operation. Without `lost` it is local: its outcome is never unknown."""
        self._check_alive()
        blow = self.driver.step(self, operation)
        if lost is not None:
            self._land()
        if blow is None:
            return effect()
        if blow.harm is Harm.REPEAT:
            result = effect()
            self._send_late(blow, effect)
            return result
        if blow.moment is Moment.UNKNOWN and lost is not None:
            self._send_late(blow, effect)
            self._harm(blow, operation, lost)
            raise lost(f"{operation}: no answer")
        if blow.moment is Moment.BEFORE:
            self._harm(blow, operation, lost)
            return effect()
        result = effect()
        self._harm(blow, operation, lost)
        return result

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass for this strand only."""
        self._check_alive()
        strand = self._current()
        strand.wake_at = self.driver.now + seconds
        strand.rest()

    def _send_late(self, blow: Blow, effect: Callable[[], object]) -> None:
        """Let a request be on its way."""
        request = _once(effect)
        self._late.append((blow.late_requests, request))
        self.driver.later(blow.late_s, request)

    def _land(self) -> None:
        """Let late requests arrive whose time has come."""
        due = [request for left, request in self._late if left == 0]
        self._late = [(left - 1, request) for left, request in self._late if left > 0]
        for request in due:
            request()

    def _current(self) -> Strand:
        assert self.strand is not None, f"{self.process.name} has no strand at {self.place}"
        return self.strand

    def _check_alive(self) -> None:
        if self.process.dead:
            raise KilledError(self.process.name)

    def _harm(self, blow: Blow, operation: str, lost: Lost | None) -> None:
        process = self.process
        if blow.harm is Harm.PAUSE:
            process.pause(blow.pause_s)
            self._current().rest()
            return
        if blow.harm is Harm.ERROR:
            assert lost is not None, f"{operation} has no answer to lose"
            raise lost(f"{operation}: planned")
        if blow.harm is Harm.POWER_LOSS or (blow.moment is Moment.UNKNOWN and lost is None):
            process.lose_power()
        else:
            process.die()
        raise KilledError(process.name)


def _once(effect: Callable[[], object]) -> Callable[[], None]:
    """Let a request have its effect or be refused, one time; nobody waits for the answer."""
    landed = False

    def act() -> None:
        nonlocal landed
        if not landed:
            landed = True
            with suppress(Exception):
                effect()

    return act
