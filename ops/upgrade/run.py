"""Run: a partition's log folded, and from a time on decided again, byte for byte.

Theory: a new build is to be taken for the old one only if it makes the very Decisions that are in
the log, given the engine version they name. What lies before the time is folded, for the state in
which the rest was decided follows from it. After each comparison the log's own Decision is folded,
so that one difference does not make the next.

Owns: which Decisions are compared, and the list of those that differ.
Never: reads a topic or opens a store; it is given both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, final

from ops.backtest.run import Genesis, OpenStore
from ops.checker.again import Again
from ops.checker.report import Result
from ops.checker.steps import Step, sealed_steps
from ops.reading import Record
from streams.wallet.job import WalletJob
from streams.wallet.step import DROPPED, ENGINE

CHECK: Final = 7  # of `ops.checker.report`: deciding again gives the same bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """A Decision that this code would not have made; sequence 0: the log itself is damaged."""

    partition: int
    sequence: int
    what: str

    def line(self) -> str:
        """Return it in one line."""
        return f"partition {self.partition} #{self.sequence} {self.what}"

    def document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"partition": self.partition, "sequence": self.sequence, "what": self.what}


@final
class UpgradeCheck:
    """The partitions of a ledger, one after the other."""

    def __init__(self, genesis: Genesis, since_us: int = 0) -> None:
        """Decide again what was decided from this time on, in microseconds."""
        self.decided = 0
        self.folded = 0
        self.dropped = 0  # about bytes that the log does not keep
        self.differences: Final[list[Difference]] = []
        self._genesis: Final = genesis
        self._since_us: Final = since_us

    def partition(
        self, partition: int, partitions: int, records: Iterable[Record], open_store: OpenStore
    ) -> None:
        """Take one partition's log; its inputs are those that the Decisions keep."""

        def damaged(what: str) -> None:
            self.differences.append(Difference(partition, 0, what))

        again: _Judge | None = None
        with open_store(partition) as store:
            for logged in sealed_steps(partition, iter(records), damaged):
                step = Step(logged, None)
                if again is None:
                    job = WalletJob(step.decision.ledger_id, partitions, *self._genesis)
                    result = Result(CHECK)
                    again = _Judge(result, Again(result, job, partition, store))
                self._take(again, step)

    def _take(self, judge: _Judge, step: Step) -> None:
        decision = step.decision
        if decision.decided_at < self._since_us:
            self.folded += 1
            judge.again.follow(step)
            return
        if decision.reason in DROPPED:
            self.dropped += 1
        else:
            self.decided += 1
        if what := judge.judged(step):
            self.differences.append(Difference(decision.partition, decision.sequence, what))


@final
class _Judge:
    """The comparison of one partition, with the words of each difference."""

    def __init__(self, result: Result, again: Again) -> None:
        self.again: Final = again
        self._result: Final = result

    def judged(self, step: Step) -> str:
        """Say how this code decides otherwise; empty when it does not."""
        if step.decision.engine != ENGINE:
            self.again.follow(step)
            return f"was decided by engine {step.decision.engine}, this code has {ENGINE} alone"
        self.again.take(step)
        words = "; ".join(each.what for each in self._result.findings)
        self._result.findings.clear()
        return words
