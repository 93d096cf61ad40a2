"""A feeder: one simulated sink process, the shipped lanes over a virtual source.

Owns: reading committed records for each lane, carrying out its rewinds.
Never: judges a record or a group; the lane does, with the shipped seal reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, final

from ledger.sealing import CHAIN_HEADER
from ops.simulate.gate import Gate
from ops.simulate.reader import Logs
from schemas.codec import decode
from schemas.messages.decisions import Decision
from sinks.batch import Sink
from sinks.lane import Lane, Limits
from sinks.source import Record
from topics.catalog import EVENTS

POLL_S: Final = 0.1
POLL_RECORDS: Final = 12
LOOK_EVERY_POLLS: Final = 20
LIMITS: Final = Limits(linger_s=0.0)


@final
class _Waiting:
    """Waits in virtual time, and is never told to stop; satisfies `Stopping`."""

    def __init__(self, gate: Gate) -> None:
        self._gate: Final = gate

    def is_set(self) -> bool:
        """Say whether to end."""
        return False

    def wait(self, timeout: float) -> bool:
        """Wait for a poll's time: how long the shipped backoff is, is not its meaning."""
        self._gate.sleep(min(timeout, POLL_S))
        return False


def feed(gate: Gate, sink: Sink, logs: Logs, partitions: Iterable[int]) -> None:
    """Feed a store until the process ends."""
    lanes = {
        number: Lane(number, f"{EVENTS.name}-1", sink, _decision, LIMITS, _Waiting(gate))
        for number in partitions
    }
    positions = {number: lane.locate() for number, lane in lanes.items()}
    polls = 0
    while True:
        for number, lane in lanes.items():
            positions[number] = _polled(gate, logs, lane, positions[number])
            if polls % LOOK_EVERY_POLLS == number:
                lane.look()
        polls += 1
        gate.sleep(POLL_S)


def _polled(gate: Gate, logs: Logs, lane: Lane, position: int) -> int:
    """Give one lane what is there; return where it reads on."""
    rewound = lane.rewind_to()
    if rewound is not None:
        position = rewound
        lane.rewound()
    log = logs((EVENTS.name, lane.partition))
    if log.stable_end <= position:
        return position

    def poll() -> tuple[list[int], int]:
        return log.visible(position, POLL_RECORDS), log.stable_end

    found, end = gate.io("source.poll", poll)
    if found:
        lane.offer([_record(logs, lane.partition, offset) for offset in found])
        lane.turn()
    return found[-1] + 1 if found else end


def _record(logs: Logs, partition: int, offset: int) -> Record:
    entry = logs((EVENTS.name, partition)).entries[offset]
    return offset, entry.value or b"", dict(entry.headers).get(CHAIN_HEADER)


def _decision(value: bytes) -> Decision:
    return decode(Decision, value)
