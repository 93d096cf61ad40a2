"""Trial: what rules would have raised over a log, without any effect.

Owns: the job's own steps over dictionaries, one set a partition.
Never: reads a topic, writes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast, final

from ledger.view import MemoryRows, SortedRows
from schemas.codec import decode, encode
from schemas.messages.automation import (
    ActivateRules,
    AutomationNotice,
    AutomationRules,
    NoticeKind,
)
from schemas.messages.commands import WalletCommand
from schemas.messages.decisions import Decision
from streams.automation.steps import AutomationSteps
from streams.automation.tables import Books
from streams.runtime.job import InputRecord, Output
from streams.runtime.tables import TableSpec
from topics.catalog import AUTOMATION_RULES, JOB_COMMANDS

K = TypeVar("K")
R = TypeVar("R")
ALWAYS: Final = 0  # a time before every Decision
Raised = WalletCommand | AutomationNotice


@final
class Trial:
    """Rules that have been in force since the log began."""

    def __init__(self, rules: AutomationRules, partitions: int) -> None:
        self._value: Final = encode(ActivateRules("trial", 1, "trial", rules))
        self._partitions: Final = partitions
        self._steps: Final[dict[int, AutomationSteps]] = {}

    def follow(self, decision: Decision) -> Iterable[Raised]:
        """Yield what one Decision raises, cool-downs that ended before it first."""
        steps = self._steps.get(decision.partition)
        if steps is None:
            steps = self._steps[decision.partition] = self._begun(decision.partition)
        while (fired := steps.fire(decision.decided_at)) is not None:
            yield from _raised(fired)
        yield from _raised(steps.follow(decision))

    def _begun(self, partition: int) -> AutomationSteps:
        steps = AutomationSteps(Books(MemoryOverlay()), partition, self._partitions)
        record = InputRecord(AUTOMATION_RULES.name, partition, 0, ALWAYS, b"", self._value)
        steps.step(record)
        return steps


@final
class MemoryOverlay:
    """Tables in dictionaries; satisfies `Overlay`, and forgets nothing."""

    def __init__(self) -> None:
        self._tables: Final[dict[str, MemoryRows[Any, Any]]] = {}

    def table(self, spec: TableSpec[K, R]) -> SortedRows[K, R]:
        """Return the table, always the same object."""
        return cast("SortedRows[K, R]", self._tables.setdefault(spec.name, MemoryRows()))

    def changes(self) -> list[tuple[str, bytes, bytes | None]]:
        """Return nothing: nobody writes down what a trial did."""
        return []


def _raised(outputs: Iterable[Output]) -> Iterable[Raised]:
    for output in outputs:
        assert output.value is not None, "the job deletes nothing"
        if output.topic == JOB_COMMANDS.name:
            yield decode(WalletCommand, output.value)
        else:
            said = decode(AutomationNotice, output.value)
            # What the log has of commands refused is of rules that were in force then.
            if said.kind is NoticeKind.RAISED:
                yield said
