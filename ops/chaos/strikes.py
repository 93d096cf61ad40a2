"""Strikes: the schedule carried out, one thread a target.

Owns: which function is which fault, and the threads.
Never: lets one lane's failure hide: the first error ends the run.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from ops.chaos import on_servers, on_workers
from ops.chaos.schedule import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ops.chaos.field import Field
    from ops.chaos.schedule import Strike

FAULTS: Final[Mapping[Kind, Callable[[Field, Strike], None]]] = {
    Kind.KILL: on_workers.kill,
    Kind.PAUSE_SHORT: on_workers.freeze,
    Kind.PAUSE_TRANSACTION: on_workers.freeze,
    Kind.PAUSE_LONG: on_workers.freeze,
    Kind.LEAVE: on_workers.leave,
    Kind.STATE_DELETED: on_workers.delete_state,
    Kind.STATE_OLD: on_workers.restore_old_state,
    Kind.SST_CUT: on_workers.truncate_sst,
    Kind.DISK_FULL: on_workers.fill_disk,
    Kind.BROKER_KILL: on_servers.kill_broker,
    Kind.BROKER_PAUSE: on_servers.freeze_broker,
    Kind.LATENCY: on_servers.slow_network,
    Kind.RESETS: on_servers.reset_connections,
    Kind.HALF_OPEN: on_servers.half_open,
    Kind.LOST_REPLY: on_servers.lose_end_of_transaction,
    Kind.SILENT_REPLY: on_servers.lose_end_of_transaction,
    Kind.LOST_REQUEST: on_servers.lose_end_of_transaction,
    Kind.STORE_DOWN: on_servers.take_store_down,
    Kind.STORE_OUTAGE: on_servers.take_store_down,
    Kind.STORE_SLOW: on_servers.slow_store,
    Kind.SINK_KILL: on_servers.kill_sink,
    Kind.OFFSETS_DELETED: on_workers.delete_offsets,
}


class Lane:
    """The strikes of one target, one after the other; a late one follows at once."""

    def __init__(self, field: Field, target: str, strikes: Sequence[Strike]) -> None:
        self.error: BaseException | None = None
        self._field: Final = field
        self._target: Final = target
        self._strikes: Final = strikes
        self._thread: Final = threading.Thread(target=self._run, name=f"chaos-{target}")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait until the last strike is over, or until the field is."""
        self._thread.join()

    def _run(self) -> None:
        field = self._field
        try:
            for strike in self._strikes:
                field.pause(field.diary.began + strike.at_s - time.monotonic())
                if field.over.is_set():
                    return
                self._carry_out(strike)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for us
            self.error = error
            field.over.set()

    def _carry_out(self, strike: Strike) -> None:
        field = self._field
        turn = field.turns.get(self._target)
        if turn is None:
            field.diary.note(strike.target, strike.kind)
            FAULTS[strike.kind](field, strike)
            return
        with turn:
            field.diary.note(strike.target, strike.kind)
            FAULTS[strike.kind](field, strike)


def carry_out(field: Field, strikes: Sequence[Strike]) -> None:
    """Carry out a schedule; return when its last strike is over. Raises a lane's first error."""
    by_target: dict[str, list[Strike]] = {}
    for strike in strikes:
        by_target.setdefault(strike.target, []).append(strike)
    field.diary.began = time.monotonic()
    lanes = [Lane(field, target, its) for target, its in by_target.items()]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    for lane in lanes:
        if lane.error is not None:
            raise lane.error
