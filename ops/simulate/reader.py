"""The reading side of the virtual broker.

Owns: bounds, committed reads and their positions, as recovery asks for them.
Never: shows an open or aborted record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, final

from ops.simulate.coordinator import Place
from ops.simulate.gate import Gate
from ops.simulate.log import VirtualLog
from streams.runtime.errors import BrokerAwayError
from streams.runtime.job import InputRecord, LogRecord

EMPTY_READ_S: Final = 0.02

Logs = Callable[[Place], VirtualLog]


@final
class VirtualBroker:
    """Satisfies `Broker`."""

    def __init__(self, logs: Logs, gate: Gate) -> None:
        self._logs: Final = logs
        self._gate: Final = gate

    def topic_id(self, topic: str) -> str:
        """Return the topic's id."""
        return self._gate.io("topic_id", lambda: f"{topic}-1", BrokerAwayError)

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """First offset and end offset, open records included."""
        log = self._logs((topic, partition))
        return self._gate.io("bounds", lambda: (0, log.end), BrokerAwayError)

    def tail(self, topic: str, partition: int, offset: int) -> VirtualTail:
        """Start reading committed records."""
        log = self._logs((topic, partition))
        return self._gate.io("tail.open", lambda: VirtualTail(log, self._gate, offset))

    def read_input(self, topic: str, partition: int, offset: int) -> InputRecord | None:
        """Read one committed record again."""
        log = self._logs((topic, partition))

        def read() -> InputRecord | None:
            if log.visible(offset, 1) != [offset]:
                return None
            return record_at(log, (topic, partition), offset)

        return self._gate.io("read_input", read, BrokerAwayError)


@final
class VirtualTail:
    """A committed read of one partition; satisfies `Tail`."""

    def __init__(self, log: VirtualLog, gate: Gate, offset: int) -> None:
        self._log: Final = log
        self._gate: Final = gate
        self._position = offset

    def take(self, limit: int) -> Sequence[LogRecord]:
        """Return the next records; behind the last one the position steps over markers."""
        log = self._log
        found, end = self._gate.io(
            "tail.take",
            lambda: (log.visible(self._position, limit), log.stable_end),
            BrokerAwayError,
        )
        if found:
            self._position = found[-1] + 1
        else:
            self._position = max(self._position, end)
            self._gate.sleep(EMPTY_READ_S)
        return [log_record_at(self._log, offset) for offset in found]

    def position(self) -> int:
        """Where the read stands."""
        return self._position

    def close(self) -> None:
        """Nothing to give back."""


def record_at(log: VirtualLog, place: Place, offset: int) -> InputRecord:
    """Return what lies at an offset, as an input."""
    entry = log.entries[offset]
    return InputRecord(*place, offset, entry.time, entry.key, entry.value)


def log_record_at(log: VirtualLog, offset: int) -> LogRecord:
    """Return what lies at an offset, as a record of the log."""
    entry = log.entries[offset]
    return LogRecord(entry.key or b"", entry.value or b"", entry.headers, offset)
