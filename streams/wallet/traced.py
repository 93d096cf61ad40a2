"""Traced: the wallet job, with the trace of each record carried on to all that follows from it.

Owns: which Decision, leg, result and dead letter follow from which record.
Never: changes a value, or a record that nobody traces: what is decided, and its bytes, is the
job's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast, final

from streams.runtime.job import (
    Group,
    InputRecord,
    LogRecord,
    Outcome,
    Output,
    Positions,
    ReadInput,
    Replayed,
)
from streams.runtime.tables import Overlay
from streams.runtime.traced import Trail, Trails, log_with_header, with_header
from streams.wallet.job import WalletJob
from streams.wallet.outputs import outputs_of
from streams.wallet.step import Answer, WalletPartition

DECIDED: Final = "decided"


@final
class TracedWallet:
    """Satisfies `streams.runtime.job.Job`."""

    name: Final = WalletJob.name
    inputs: Final = WalletJob.inputs
    log: Final = WalletJob.log
    outputs: Final = WalletJob.outputs
    tables: Final = WalletJob.tables

    def __init__(self, job: WalletJob, trails: Trails) -> None:
        self._job: Final = job
        self._trails: Final = trails

    def open(self, overlay: Overlay, partition: int) -> TracedPartition:
        """Bind the writer to one partition's tables."""
        return TracedPartition(self._job.open(overlay, partition), self._trails.of(partition))


@final
class TracedPartition:
    """The writer of one partition; satisfies `streams.runtime.job.PartitionJob`."""

    def __init__(self, writer: WalletPartition, trail: Trail) -> None:
        self._writer: Final = writer
        self._trail: Final = trail
        self._traces: dict[int, bytes] = {}  # sequence of the open group -> header
        self.fire: Final = writer.fire

    def step(self, record: InputRecord) -> Answer:
        """Decide one record; when it is traced, remember whose trace its Decision is."""
        if not record.trace:
            return self._writer.step(record)
        began = self._trail.wall_us()
        answer = self._writer.step(record)
        decision = answer.decision
        told: dict[str, str | int] = {
            "ledger.sequence": decision.sequence,
            "ledger.command_id": decision.command_id,
            "ledger.outcome": decision.outcome.value,
            "ledger.stage": decision.stage.value,
        }
        header = self._trail.follow(DECIDED, record, began, told)
        self._traces[decision.sequence] = header
        return answer

    def seal(self, outcomes: Sequence[Outcome], positions: Positions) -> Group:
        """Close the group; what follows from a traced record gets its header."""
        group = self._writer.seal(outcomes, positions)
        if not self._traces:
            return group
        traces, self._traces = self._traces, {}
        return _marked(group, cast("Sequence[Answer]", outcomes), traces)

    def replay(self, record: LogRecord) -> Replayed | None:
        """Fold the next committed log record."""
        return self._writer.replay(record)

    def resend(self, read_input: ReadInput) -> tuple[Output, ...]:
        """Outputs of the last group replayed; the first ones told the trace."""
        return self._writer.resend(read_input)


def _marked(group: Group, answers: Sequence[Answer], traces: dict[int, bytes]) -> Group:
    """Return the group with headers. An output is found by its bytes, made anew: they are equal."""
    log: list[LogRecord] = []
    of_output: dict[tuple[str, bytes | None], bytes] = {}
    for record, answer in zip(group.log, answers, strict=True):
        header = traces.get(answer.decision.sequence)
        if header is None:
            log.append(record)
            continue
        log.append(log_with_header(record, header))
        legs, results = outputs_of([answer.decision])
        aside = [] if answer.aside is None else [answer.aside]
        for each in (*legs, *results, *aside):
            of_output[each.topic, each.value] = header
    outputs: list[Output] = []
    for output in group.outputs:
        header = of_output.get((output.topic, output.value))
        outputs.append(output if header is None else with_header(output, header))
    return Group(tuple(log), tuple(outputs), group.tally)
