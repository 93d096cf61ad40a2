"""The auditor's front: sealed Decisions in, differences out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, final

from ops.auditor.difference import Difference
from schemas.messages.decisions import Decision
from schemas.messages.policy import Policy, Ruleset


@dataclass(frozen=True, slots=True)
class Given:
    """An input record as the broker keeps it; `append_time` in microseconds."""

    append_time: int
    key: bytes | None
    value: bytes | None


@final
class Auditor:
    """Predicts every Decision of a ledger; each partition's in order, partitions in any order."""

    def __init__(
        self, partition_of: Callable[[str], int], policy: Policy, ruleset: Ruleset
    ) -> None:
        self.partition_of: Final = partition_of
        self.genesis: Final = (policy, ruleset)

    def take(self, decision: Decision, given: Given | None = None) -> list[Difference]:
        """Predict the next Decision of its partition and compare.

        `given` is the record at the Decision's source; without it (retention, a timer) the copy
        inside the Decision must do.
        """
        _ = decision, given
        return []
