"""Run: a log decided again from its first record, the candidate beside it.

Owns: the order: prove each Decision, ask the candidate, fold what the log says.
Never: reads a topic or opens a store; it is given both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Final, final

from ops.backtest.beside import Beside, Compared
from ops.checker.again import Again
from ops.checker.report import Result
from ops.checker.steps import Step, sealed_steps
from ops.console import time_text
from ops.errors import DocumentError
from ops.reading import Record
from schemas.messages.policy import Policy, Ruleset
from streams.runtime.ports import Store
from streams.wallet.job import WalletJob
from streams.wallet.step import DROPPED

CHECK: Final = 7

OpenStore = Callable[[int], AbstractContextManager[Store]]
Genesis = tuple[Policy, Ruleset]


@final
class BackTest:
    """One candidate over the partitions of a ledger, one after the other."""

    def __init__(
        self, genesis: Genesis, candidate: Ruleset, span: tuple[int | None, int | None]
    ) -> None:
        self._genesis: Final = genesis
        self._proof: Final = Result(CHECK)
        self._damage: Final[list[str]] = []
        self.dropped = 0  # Decisions about bytes that the log does not keep
        self._beside: Final = Beside(genesis[0], candidate, *span)

    @property
    def differences(self) -> list[str]:
        """Where the log is not what the shipped core decides; then the report means nothing."""
        found = [f"{each.where}: {each.what}" for each in self._proof.findings]
        return [*self._damage, *found]

    @property
    def proved(self) -> int:
        """Decisions that came out byte for byte."""
        return self._proof.looked_at - self._proof.found - self.dropped

    @property
    def decisions(self) -> int:
        """Decisions in the range of time."""
        return self._beside.decisions

    @property
    def compared(self) -> list[Compared]:
        """Every command in the range that the fraud rules were asked about."""
        return self._beside.compared

    @property
    def span(self) -> tuple[int, int] | None:
        """When the log begins and ends; None when it is empty."""
        first, last = self._beside.first_at, self._beside.last_at
        return None if first is None or last is None else (first, last)

    def partition(
        self, partition: int, partitions: int, records: Iterable[Record], open_store: OpenStore
    ) -> None:
        """Take one partition's log; its inputs are those that the Decisions keep."""

        def damaged(what: str) -> None:
            self._damage.append(f"partition {partition} {what}")

        self.steps(partition, partitions, _steps(partition, records, damaged), open_store)

    def steps(
        self, partition: int, partitions: int, steps: Iterator[Step], open_store: OpenStore
    ) -> None:
        """Take what a partition's log says, in order."""
        first = next(steps, None)
        if first is None:
            return
        job = WalletJob(first.decision.ledger_id, partitions, *self._genesis)
        with open_store(partition) as store:
            again = Again(self._proof, job, partition, store, self._beside.look)
            self._take(again, first)
            for step in steps:
                self._take(again, step)

    def _take(self, again: Again, step: Step) -> None:
        self._beside.count(step.decision)
        self.dropped += step.decision.reason in DROPPED
        again.take(step)


def require_decisions(done: BackTest, since: str | None, until: str | None) -> None:
    """Raise `DocumentError` when no Decision lies in the range that was given."""
    if done.decisions:
        return
    if done.span is None:
        raise DocumentError("the log is empty: nothing was decided yet")
    first, last = map(time_text, done.span)
    asked = f"--from {since or 'the beginning'} --to {until or 'the end'}"
    raise DocumentError(f"no Decision lies in {asked}; the log goes from {first} to {last}")


def _steps(
    partition: int, records: Iterable[Record], damaged: Callable[[str], None]
) -> Iterator[Step]:
    for logged in sealed_steps(partition, iter(records), damaged):
        yield Step(logged, None)
