"""Check 14: seals and hash chain; what a seal says of its transaction is what the log holds.

Owns: the legs a seal counts and digests, the positions it moves to.
Never: recomputes the chain itself: `ledger.sealing` did so while the records were read.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, final

from ops.checker.report import Result
from ops.checker.steps import Step
from schemas.codec import encode
from schemas.messages.decisions import InputSource
from schemas.messages.events import LegSent
from streams.wallet.catalogued import TOPIC_NAMES


@final
class Seals:
    """One partition's seals."""

    def __init__(self, result: Result) -> None:
        self._result: Final = result
        self._legs: list[bytes] = []
        self._covered: dict[str, int] = {}

    def damaged(self, partition: int, what: str) -> None:
        """The log cannot be read further."""
        self._result.add(f"partition {partition}", what)

    def take(self, step: Step) -> None:
        """Add a Decision to its transaction; at the seal, compare."""
        decision = step.decision
        self._result.looked_at += 1
        self._legs += [encode(each.leg) for each in decision.events if isinstance(each, LegSent)]
        if isinstance(decision.source, InputSource):
            self._covered[TOPIC_NAMES[decision.source.topic]] = decision.source.offset + 1
        if decision.seal is None:
            return
        if decision.seal.legs_count != len(self._legs):
            self._result.add(
                step.where, f"seals {decision.seal.legs_count} of {len(self._legs)} legs"
            )
        elif decision.seal.legs_digest != sha256(b"".join(self._legs)).digest():
            self._result.add(step.where, "seals other legs than its transaction sends")
        positions = {each.topic: each.offset for each in decision.seal.next_positions}
        for topic, covered in self._covered.items():
            if positions.get(topic, 0) < covered:
                self._result.add(
                    step.where, f"goes on at {topic} {positions.get(topic)} < {covered}"
                )
        self._legs = []
