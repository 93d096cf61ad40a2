"""Checks 2 and 5: every input once, in order; sequences without a gap.

Owns: the sequence of a partition, the offsets of its inputs, the order of each wallet's commands.
Never: looks at what was decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from ledger.results import COMMAND_TOPICS
from ops.checker.outcomes import some
from ops.checker.report import Result
from ops.checker.steps import Inputs, Step
from schemas.messages.decisions import InputSource
from schemas.messages.vocabulary import InputTopic


@final
class Coverage:
    """One partition's order of things."""

    def __init__(self, coverage: Result, order: Result) -> None:
        self._coverage: Final = coverage
        self._order: Final = order
        self._sequence = 0
        self._time = 0
        self._offsets: Final[dict[InputTopic, int]] = {}
        self._of_wallet: Final[dict[tuple[InputTopic, str], int]] = {}

    def take(self, step: Step) -> None:
        """Hold a Decision's place against the one before."""
        decision = step.decision
        self._coverage.looked_at += 1
        if decision.sequence != self._sequence + 1:
            self._coverage.add(step.where, f"follows #{self._sequence}")
        if decision.decided_at < self._time:
            self._coverage.add(step.where, "is decided before the one before it")
        self._sequence, self._time = decision.sequence, decision.decided_at
        if isinstance(decision.source, InputSource):
            self._place(step, decision.source)

    def end(self, inputs: Mapping[InputTopic, Inputs], partition: int) -> None:
        """Name the offsets without an answer."""
        for topic, each in inputs.items():
            if each.unanswered:
                where = f"{topic.name.lower()}[{partition}]"
                self._coverage.add(where, f"offsets not covered: {some(each.unanswered)}")

    def _place(self, step: Step, source: InputSource) -> None:
        before = self._offsets.get(source.topic, -1)
        if source.offset <= before:
            what = "again" if source.offset == before else f"after {before}"
            self._coverage.add(step.where, f"answers {source.topic} offset {source.offset} {what}")
        self._offsets[source.topic] = source.offset
        if source.topic in COMMAND_TOPICS:
            wallet = source.topic, step.decision.wallet_id
            self._order.looked_at += 1
            earlier = self._of_wallet.get(wallet, -1)
            if source.offset < earlier:
                self._order.add(step.where, f"offset {source.offset} is decided after {earlier}")
            self._of_wallet[wallet] = source.offset
