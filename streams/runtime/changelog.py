"""The ready-made log: `<job>.changelog.v1`, for every job whose outputs are not its own log.

Owns: the log records of such a job, their fold, and which outputs must be sent again.
Never: knows what the job computes. A job here is a `Steps`: a step gives outputs, tables change.

One group = one or more records {group number, changed rows, outputs}, the last with the next input
positions (its seal), all acknowledged before the first output is sent, and behind the outputs one
small closing record {group number}, written to the log like an output, after all others were
acknowledged. Recovery therefore knows:

    group sealed, closing record there     every output is visible: nothing to send
    group sealed, closing record missing   the transaction ended half-way: send its outputs again,
                                           then the closing record
    records without a seal                 void: decided again from the inputs

The outputs travel in the record because nothing else can rebuild them: the rows they were computed
from are overwritten by then, and idle timers follow the wall clock. That writes their bytes twice;
a job whose outputs are large can instead have its log *be* its output, as the wallet job does.
Receivers still drop repeats by key: half of a half-way transaction's outputs may come twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol, final

from schemas.codec import decode, encode
from schemas.messages.decisions import InputPosition
from schemas.messages.runtime import ChangedRow, ChangelogRecord
from streams.runtime.changelog_rows import OUTPUTS, cut, output_row, row_output
from streams.runtime.job import (
    Group,
    InputRecord,
    LogRecord,
    Outcome,
    Output,
    PartitionJob,
    Positions,
    ReadInput,
    Replayed,
)
from streams.runtime.tables import Overlay, TableSpec
from topics.changelog import changelog_topic
from topics.topic import Topic

META_PREFIX: Final = b"\x01"
PART: Final = "part"  # header: index of the record in its group; a closing record has none


class Steps(Protocol):
    """One partition of a job on the ready-made log. Raises only on a bug."""

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Change tables; return the outputs."""
        ...

    def fire(self, until: int) -> Sequence[Output] | None:
        """Fire the first timer due, or return None."""
        ...


class StepJob(Protocol):
    """A job on the ready-made log."""

    @property
    def name(self) -> str:
        """Short name; part of the log's name."""
        ...

    @property
    def inputs(self) -> tuple[Topic, ...]:
        """Co-partitioned inputs, in the order in which they are drained."""
        ...

    @property
    def outputs(self) -> tuple[Topic, ...]:
        """Every topic it writes."""
        ...

    @property
    def tables(self) -> tuple[TableSpec[Any, Any], ...]:
        """Its tables; prefix 0x01 is taken."""
        ...

    def open(self, overlay: Overlay, partition: int) -> Steps:
        """Bind it to a partition's tables."""
        ...


@final
class ChangelogJob:
    """Makes a `Job` of a `StepJob`."""

    def __init__(self, job: StepJob) -> None:
        self._job: Final = job
        self.name: Final = job.name
        self.inputs: Final = job.inputs
        self.outputs: Final = job.outputs
        self.log: Final = changelog_topic(job.name)
        self.tables: Final[tuple[TableSpec[Any, Any], ...]] = (*job.tables, GROUPS)

    def open(self, overlay: Overlay, partition: int) -> PartitionJob:
        """Bind the job to the tables of one partition."""
        tables = {spec.name: spec for spec in self.tables}
        assert len(tables) == len(self.tables), "two tables share a name"
        return ChangelogPartition(self, self._job.open(overlay, partition), overlay, partition)


GROUPS: Final[TableSpec[str, int]] = TableSpec(
    "!groups",
    META_PREFIX,
    str.encode,
    lambda number: number.to_bytes(8, "big"),
    lambda data: int.from_bytes(data, "big"),
)


@final
class StepOutcome:
    """The outputs of one step; satisfies `Outcome`."""

    __slots__ = ("outputs", "size")

    def __init__(self, outputs: Sequence[Output]) -> None:
        self.outputs: Final = outputs
        self.size: Final = sum([len(output.value or b"") for output in outputs])


@final
class ChangelogPartition:
    """Satisfies `PartitionJob`."""

    def __init__(self, job: ChangelogJob, steps: Steps, overlay: Overlay, partition: int) -> None:
        self._name: Final = job.name
        self._log: Final = job.log.name
        self._steps: Final = steps
        self._overlay: Final = overlay
        self._partition: Final = partition
        self._groups: Final = overlay.table(GROUPS)
        self._tables: Final = {
            spec.name: (overlay.table(spec), spec) for spec in job.tables if spec is not GROUPS
        }
        self._buffer: list[ChangelogRecord] = []
        self._unsent: tuple[int, tuple[ChangelogRecord, ...]] | None = None
        self.void = 0

    def step(self, record: InputRecord) -> Outcome:
        """Decide one input."""
        return StepOutcome(self._steps.step(record))

    def fire(self, until: int) -> Outcome | None:
        """Fire the first timer due."""
        outputs = self._steps.fire(until)
        return None if outputs is None else StepOutcome(outputs)

    def seal(self, outcomes: Sequence[Outcome], positions: Positions) -> Group:
        """Write down the changed rows and the outputs, then the seal."""
        outputs: list[Output] = []
        for outcome in outcomes:
            assert isinstance(outcome, StepOutcome)
            outputs.extend(outcome.outputs)
        number = self._next_number()
        rows = [ChangedRow(*change) for change in self._overlay.changes()]
        rows += [output_row(output) for output in outputs]
        self._groups.put("", number)
        places = tuple(InputPosition(topic, offset) for topic, offset in positions.items())
        parts = cut(rows)
        log = tuple(
            self._record(number, part, places if index == len(parts) - 1 else (), index)
            for index, part in enumerate(parts)
        )
        return Group(log, (*outputs, self._closing(number)))

    def replay(self, record: LogRecord) -> Replayed | None:
        """Collect the records of a group; fold them when its seal is there."""
        headers = dict(record.headers)
        change = decode(ChangelogRecord, record.value)
        assert (change.job, change.partition) == (self._name, self._partition), "a foreign record"
        if PART not in headers:
            self._close(change.group)
            return None
        if int(headers[PART]) == 0:
            self.void += bool(self._buffer)
            self._buffer = []
        expected = self._next_number()
        assert change.group == expected, f"group {change.group} in the log, expected {expected}"
        assert int(headers[PART]) == len(self._buffer), "a part of a group is missing"
        self._buffer.append(change)
        if not change.next_positions:
            return None
        return self._fold(change, record.offset)

    def resend(self, read_input: ReadInput) -> tuple[Output, ...]:
        """Outputs of the last group, unless its closing record says that they are visible."""
        del read_input
        if self._unsent is None:
            return ()
        number, records = self._unsent
        rows = [row for record in records for row in record.rows if row.table == OUTPUTS]
        return (*(row_output(row) for row in rows), self._closing(number))

    def _next_number(self) -> int:
        return (self._groups.get("") or 0) + 1

    def _fold(self, sealing: ChangelogRecord, offset: int) -> Replayed:
        for record in self._buffer:
            for row in record.rows:
                if row.table != OUTPUTS:
                    self._apply(row)
        self._groups.put("", sealing.group)
        self._unsent = sealing.group, tuple(self._buffer)
        self._buffer = []
        positions = {place.topic: place.offset for place in sealing.next_positions}
        return Replayed(offset + 1, positions)

    def _apply(self, row: ChangedRow) -> None:
        table, spec = self._tables[row.table]
        assert spec.decode_key is not None, f"{row.table}: the changelog needs decode_key"
        key = spec.decode_key(row.key)
        if row.value is None:
            table.delete(key)
        else:
            table.put(key, spec.decode(row.value))

    def _close(self, group: int) -> None:
        if self._unsent is not None and self._unsent[0] == group:
            self._unsent = None

    def _record(
        self, group: int, rows: Sequence[ChangedRow], places: tuple[InputPosition, ...], index: int
    ) -> LogRecord:
        change = ChangelogRecord(self._name, self._partition, group, tuple(rows), places)
        return LogRecord(self._key(), encode(change), ((PART, b"%d" % index),))

    def _closing(self, group: int) -> Output:
        change = ChangelogRecord(self._name, self._partition, group, (), ())
        return Output(self._log, self._partition, self._key(), encode(change))

    def _key(self) -> bytes:
        return b"%d" % self._partition
