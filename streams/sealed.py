"""Sealed: a job that follows the log is shown Decisions of whole transactions, and void ones never.

Owns: the buffer of Decisions whose seal has not come, in two tables beside the job's own.
Never: knows what the job does with a Decision. Damage of the log is raised, and halts the job.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, final

from ledger.sealing import LogError
from schemas.codec import decode_partly
from schemas.messages.decisions import Decision
from streams.runtime.changelog import StepJob, Steps
from streams.runtime.job import InputRecord, Output
from streams.runtime.tables import Overlay, TableSpec
from topics.catalog import EVENTS

ONE: Final = ""  # key of a table of one row
WORD: Final = 8  # bytes of a number


@final
class Place:
    """The last sealed sequence that the job was shown, and the last one that was read."""

    __slots__ = ("read", "sealed")

    def __init__(self, sealed: int, read: int) -> None:
        self.sealed: Final = sealed
        self.read: Final = read


def _number(number: int) -> bytes:
    return number.to_bytes(WORD, "big")


def _number_of(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _place(row: Place) -> bytes:
    return _number(row.sealed) + _number(row.read)


def _place_of(data: bytes) -> Place:
    return Place(_number_of(data[:WORD]), _number_of(data[WORD:]))


def _record(row: InputRecord) -> bytes:
    key = row.key or b""
    place = _number(row.partition) + _number(row.offset) + _number(row.append_time)
    return place + _number(len(key)) + key + (row.value or b"")


def _record_of(data: bytes) -> InputRecord:
    partition, offset, at, length = (
        _number_of(data[start : start + WORD]) for start in range(0, 4 * WORD, WORD)
    )
    value = 4 * WORD + length
    return InputRecord(EVENTS.name, partition, offset, at, data[4 * WORD : value], data[value:])


BEGINNING: Final = Place(0, 0)
PLACE: Final = TableSpec("!place", b"\x02", str.encode, _place, _place_of, bytes.decode)
WAITING: Final = TableSpec("!waiting", b"\x03", _number, _record, _record_of, _number_of)


@final
class SealedJob:
    """Makes a job that may believe what it is shown; satisfies `StepJob`, as the job itself."""

    def __init__(self, job: StepJob) -> None:
        self._job: Final = job
        self.name: Final = job.name
        self.inputs: Final = job.inputs
        self.outputs: Final = job.outputs
        self.tables: Final[tuple[TableSpec[Any, Any], ...]] = (*job.tables, PLACE, WAITING)

    def open(self, overlay: Overlay, partition: int) -> Steps:
        """Bind the job to the tables of one partition."""
        return SealedSteps(self._job.open(overlay, partition), overlay)


@final
class SealedSteps:
    """One partition of such a job; satisfies `Steps`."""

    def __init__(self, steps: Steps, overlay: Overlay) -> None:
        self._steps: Final = steps
        self._place: Final = overlay.table(PLACE)
        self._waiting: Final = overlay.table(WAITING)
        self._traces: Final[dict[int, bytes]] = {}  # of what waits; a recovery forgets them

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Keep a Decision until its transaction is whole; hand on every other record at once."""
        if record.topic != EVENTS.name:
            return self._steps.step(record)
        decision = decode_partly(Decision, record.value or b"")
        sequence, place = decision.sequence, self._place.get(ONE) or BEGINNING
        if place.read > place.sealed and sequence == place.sealed + 1:
            self._drained(place)  # void: a torn transaction, which its owner decided again
            place = Place(place.sealed, place.sealed)
        if sequence != place.read + 1:
            raise _damage(record, f"sequence {sequence} where {place.read + 1} must follow")
        seal = decision.seal
        if seal is None:
            self._waiting.put(sequence, record)
            if record.trace:
                self._traces[sequence] = record.trace
            self._place.put(ONE, Place(place.sealed, sequence))
            return ()
        if (seal.first_sequence, seal.count) != (place.sealed + 1, sequence - place.sealed):
            raise _damage(record, f"a seal of {seal.count} from {seal.first_sequence}")
        outputs: list[Output] = []
        for each in (*self._drained(place), record):
            outputs += self._steps.step(each)
        self._place.put(ONE, Place(sequence, sequence))
        return outputs

    def fire(self, until: int) -> Sequence[Output] | None:
        """Fire the job's first timer due."""
        return self._steps.fire(until)

    def _drained(self, place: Place) -> list[InputRecord]:
        found = []
        for sequence in range(place.sealed + 1, place.read + 1):
            record = self._waiting.get(sequence)
            assert record is not None, f"sequence {sequence} waits, and is not there"
            self._waiting.delete(sequence)
            trace = self._traces.pop(sequence, b"")
            found.append(_traced(record, trace) if trace else record)
        return found


def _traced(record: InputRecord, trace: bytes) -> InputRecord:
    place = (record.topic, record.partition, record.offset, record.append_time)
    return InputRecord(*place, record.key, record.value, trace)


def _damage(record: InputRecord, what: str) -> LogError:
    return LogError(f"log partition {record.partition}, offset {record.offset}: {what}")
