"""The virtual transaction coordinator: epochs, fencing, EndTxn, markers, its scan of old ones.

Owns: the state of every transactional id, as a broker without KIP-890 keeps it.
Never: is kinder than the real one. An EndTxn ends whatever is open under its epoch, also when it
was sent for the transaction before; markers reach the partitions one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, final

from ops.simulate.log import Ending, VirtualLog
from streams.runtime.fakes import Entry

Place = tuple[str, int]
TRANSACTION_TIMEOUT_S: Final = 2.0


class StaleEpochError(Exception):
    """The producer's epoch is over."""


class NoTransactionError(Exception):
    """A record for a partition that no open transaction of its writer holds."""


@final
class _State:
    """One transactional id."""

    def __init__(self) -> None:
        self.epoch = 0
        self.since = 0.0
        self.places: list[Place] = []  # of the open transaction; empty = none is open
        self.unmarked: list[tuple[Place, Ending]] = []  # decided, marker not yet written


@final
class Coordinator:
    """Every transactional id of the cluster."""

    def __init__(self, log: Callable[[Place], VirtualLog], now: Callable[[], float]) -> None:
        self._log: Final = log
        self._now: Final = now
        self._states: Final[dict[str, _State]] = {}
        self.timed_out = 0
        self.markers_late = 0  # of how many partitions the next commit writes the marker later

    def init(self, writer: str) -> int:
        """Fence every predecessor, abort what it left open; return the new epoch."""
        state = self._state(writer)
        self._finish(writer, state)
        self._end(writer, state, "aborted", late=0)
        state.epoch += 1
        return state.epoch

    def add(self, writer: str, epoch: int, place: Place) -> None:
        """Take a partition into the open transaction; the first one opens it."""
        state = self._checked(writer, epoch)
        # A client is told to wait while the markers of its last transaction are on their way.
        self._finish(writer, state)
        if not state.places:
            state.since = self._now()
        if place not in state.places:
            state.places.append(place)

    def append(self, writer: str, epoch: int, place: Place, entries: Sequence[Entry]) -> int:
        """Append records of the open transaction; return the offset of the last."""
        state = self._checked(writer, epoch)
        if place not in state.places:
            raise NoTransactionError(f"{writer} has no transaction open on {place}")
        log, offset = self._log(place), -1
        for entry in entries:
            offset = log.append_open(writer, entry)
        return offset

    def end(self, writer: str, epoch: int, ending: Ending) -> None:
        """End whatever is open under the epoch."""
        state = self._checked(writer, epoch)
        self._finish(writer, state)
        late, self.markers_late = self.markers_late, 0
        self._end(writer, state, ending, late)

    def write_markers(self) -> None:
        """Write every marker still on its way."""
        for writer, state in self._states.items():
            self._finish(writer, state)

    def scan(self, *, all_open: bool = False) -> int:
        """Abort what is open for too long, and bump its epoch; return how many."""
        found = 0
        for writer, state in self._states.items():
            old = self._now() - state.since > TRANSACTION_TIMEOUT_S
            if state.places and (old or all_open):
                self._end(writer, state, "aborted", late=0)
                state.epoch += 1
                found += 1
        self.timed_out += found
        return found

    def any_open(self) -> bool:
        """Say whether a transaction is open."""
        return any(state.places for state in self._states.values())

    def decided(self, writer: str, place: Place) -> bool:
        """Say whether the commit of the place is decided, its marker only on its way."""
        return (place, "committed") in self._state(writer).unmarked

    def _state(self, writer: str) -> _State:
        return self._states.setdefault(writer, _State())

    def _checked(self, writer: str, epoch: int) -> _State:
        state = self._state(writer)
        if state.epoch != epoch:
            raise StaleEpochError(f"{writer}: epoch {epoch} is over, {state.epoch} has begun")
        return state

    def _end(self, writer: str, state: _State, ending: Ending, late: int) -> None:
        places, state.places = state.places, []
        now = len(places) - min(late, len(places))
        for place in places[:now]:
            self._log(place).mark(writer, ending)
        state.unmarked = [(place, ending) for place in places[now:]]

    def _finish(self, writer: str, state: _State) -> None:
        unmarked, state.unmarked = state.unmarked, []
        for place, ending in unmarked:
            self._log(place).mark(writer, ending)
