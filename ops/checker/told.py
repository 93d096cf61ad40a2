"""Check 17: what a client was told is never contradicted.

Owns: acknowledged records, results as they were received, against the topics and the log.
Never: asks a client again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final, final

from ops.checker.letters import in_words
from ops.checker.report import Result
from ops.checker.steps import Step
from ops.checker.targets import Coordinates, Told
from schemas.messages.decisions import InputSource
from schemas.messages.results import Result as Answer
from schemas.messages.vocabulary import Outcome, RejectionReason, Stage
from streams.wallet.catalogued import TOPIC_NAMES

# These answers take no command id: another command may use it.
NAMELESS: Final = frozenset(
    {
        RejectionReason.MISROUTED,
        RejectionReason.KEY_MISMATCH,
        RejectionReason.IDEMPOTENCY_MISMATCH,
        RejectionReason.MALFORMED_FIELD,
    }
)


@final
class Kept:
    """What was told, ticked off as the log confirms it."""

    def __init__(self, result: Result, told: Told) -> None:
        self._result: Final = result
        self._delivered: Final[dict[Coordinates, bytes]] = dict(told.delivered)
        self._results: Final = told.results
        self._finals: Final[dict[tuple[str, str], Answer]] = {}

    def take(self, step: Step) -> None:
        """A Decision confirms the delivery of the record it answers."""
        source, decision = step.decision.source, step.decision
        if not self._delivered or not isinstance(source, InputSource):
            return
        place = (TOPIC_NAMES[source.topic], decision.partition, source.offset)
        promised = self._delivered.pop(place, None)
        if promised is None:
            return
        self._result.looked_at += 1
        if promised != (decision.input_hash or sha256(decision.input).digest()):
            self._result.add(in_words(place), "holds other bytes than were acknowledged")

    def check_results(self, partition: int, knows: Callable[[Answer], bool]) -> None:
        """Every result that a client received of a partition stands in its log."""
        for told in self._results:
            if told.partition != partition:
                continue
            self._result.looked_at += 1
            if not knows(told):
                where = f"wallet {told.wallet_id}"
                self._result.add(where, f"{told.command_id} was told #{told.sequence}, not logged")

    def end(self) -> None:
        """What was acknowledged and never answered is lost; two final answers contradict."""
        for place in self._delivered:
            self._result.add(in_words(place), "was acknowledged, but no Decision answers it")
        self.check_finals(self._results)

    def check_finals(self, results: Iterable[Answer]) -> None:
        """A command has one FINAL answer; repeats of it say the same as duplicates."""
        for told in results:
            if told.stage is not Stage.FINAL or told.reason in NAMELESS or told.dry_run:
                continue  # a dry run leaves its id free: the command may come after it
            key = (told.wallet_id, told.command_id)
            first = self._finals.setdefault(key, told)
            if contradicts(first, told):
                where = f"wallet {told.wallet_id}"
                self._result.add(
                    where,
                    f"{told.command_id} was told #{first.sequence} and #{told.sequence}, "
                    f"{saying(first)} and {saying(told)}",
                )


def contradicts(first: Answer, other: Answer) -> bool:
    """Tell whether two final answers of a command say different things."""
    if first.outcome is not Outcome.DUPLICATE and other.outcome is not Outcome.DUPLICATE:
        return first != other
    return first.reason != other.reason


def saying(answer: Answer) -> str:
    """Return an answer in a word."""
    return answer.outcome.name if answer.reason is None else answer.reason.name
