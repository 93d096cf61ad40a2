"""Check 1: each command has exactly one outcome, and each outcome its command.

Owns: the bytes that were answered, first answers and their duplicates, results both ways.
Never: knows what the right outcome is; deciding again and the second model do (7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final, final

from ledger.results import COMMAND_TOPICS, results_of
from ops.checker.report import Result
from ops.checker.steps import Inputs, Step
from schemas.codec import encode
from schemas.messages.decisions import Decision, InputSource
from schemas.messages.results import Result as Told
from schemas.messages.vocabulary import InputTopic, Outcome, RejectionReason

KEPT_US: Final = 35 * 86_400_000_000
SHOWN: Final = 5
KEY_MAX: Final = 256


@final
class Outcomes:
    """One partition's commands."""

    def __init__(self, result: Result) -> None:
        self._result: Final = result
        self._first: Final[dict[bytes, tuple[int, int]]] = {}

    def take(self, step: Step) -> None:
        """Hold a Decision against the bytes it answers and against earlier answers."""
        decision, record, source = step.decision, step.record, step.decision.source
        if not isinstance(source, InputSource):
            return
        self._result.looked_at += 1
        if record is not None:
            answered = decision.input_hash or sha256(decision.input).digest()
            if answered != sha256(record.value or b"").digest():
                self._result.add(step.where, f"answers other bytes than offset {source.offset}")
            if source.key != (record.key or b"")[:KEY_MAX]:
                self._result.add(step.where, "names another record key")
        if source.topic in COMMAND_TOPICS and decision.fingerprint:
            self._identify(step, decision)

    def end(self, inputs: Mapping[InputTopic, Inputs], partition: int) -> None:
        """Name the records that nobody answered, and answers to nothing."""
        for topic, each in inputs.items():
            where = f"{topic.name.lower()}[{partition}]"
            for offset in each.unanswered:
                self._result.add(where, f"no Decision answers offset {offset}")
            for offset in each.invented:
                self._result.add(where, f"a Decision answers offset {offset}, which is no record")

    def _identify(self, step: Step, decision: Decision) -> None:
        if decision.reason is RejectionReason.IDEMPOTENCY_MISMATCH:
            return
        key = sha256(f"{decision.wallet_id}\0{decision.command_id}".encode()).digest()[:16]
        first, at = self._first.get(key, (0, 0))
        forgotten = decision.decided_at - at >= KEPT_US
        if decision.outcome is Outcome.DUPLICATE:
            if decision.duplicate_of != first:
                said = decision.duplicate_of
                self._result.add(step.where, f"calls itself a duplicate of #{said}, not #{first}")
        elif first and not forgotten:
            self._result.add(step.where, f"answers command {decision.command_id} after #{first}")
        else:
            self._first[key] = (decision.sequence, decision.decided_at)


@final
class Results:
    """One partition's results: what the log owes, and what lies on the topic."""

    def __init__(self, result: Result, order: Result) -> None:
        self._result: Final = result
        self._order: Final = order
        self._owed: Final[dict[bytes, str]] = {}
        self._seen: Final[set[bytes]] = set()
        self._last: Final[dict[str, int]] = {}

    def take(self, step: Step) -> None:
        """Note what a Decision owes its clients."""
        for each in results_of(step.decision):
            self._owed[digest(encode(each))] = step.where

    def see(self, value: bytes, told: Told) -> None:
        """Take the next record of the results topic; a recovery may send one again."""
        key = digest(value)
        if key in self._seen:
            return
        self._seen.add(key)
        self._result.looked_at += 1
        where = f"results[{told.partition}] wallet {told.wallet_id}"
        if key not in self._owed:
            self._result.add(where, f"{told.command_id} has a result that is not in the log")
        if told.sequence < self._last.get(told.wallet_id, 0):
            self._order.add(where, f"#{told.sequence} comes after #{self._last[told.wallet_id]}")
        self._last[told.wallet_id] = told.sequence

    def end(self, *, whole: bool) -> None:
        """Name what is owed and missing; `whole`: retention has removed nothing."""
        missing = [where for key, where in self._owed.items() if key not in self._seen]
        for where in missing if whole else ():
            self._result.add(where, "its result is not on the topic")

    def knows(self, told: Told) -> bool:
        """Tell whether the log says what a client was told."""
        return digest(encode(told)) in self._owed


def digest(value: bytes) -> bytes:
    """Return enough of a hash to tell records apart."""
    return sha256(value).digest()[:16]


def some(things: Iterable[object]) -> str:
    """Return the first few of many, in words."""
    listed = [str(each) for each in things]
    rest = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + rest
