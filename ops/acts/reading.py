"""Reading: acts out of the log, and a file held against them.

Owns: what a row of an act shows, and what is wrong with a line.
Never: believes a file: a line counts when its hash is in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingress.acts.line import control_id_of, read_line
from ops.console import time_text
from ops.reading import Placed
from schemas.messages.events import ActRecorded


@dataclass(frozen=True, slots=True)
class Found:
    """An act and where it lies."""

    event: ActRecorded
    partition: int
    sequence: int
    decided_at: int

    def row(self, reasons: Mapping[str, str]) -> dict[str, Any]:
        """Return what is shown; `reasons` by control id, out of a file."""
        act = self.event.act
        return {
            "acted_at": time_text(act.acted_at),
            "actor": act.actor,
            "role": act.role,
            "by": act.by,
            "verb": act.verb,
            "subject": act.subject,
            "request_id": act.request_id,
            "outcome": act.outcome,
            "partition": self.partition,
            "sequence": self.sequence,
            "reason": reasons.get(self.event.control_id, ""),
        }


def acts_in(log: Iterable[Placed]) -> Iterator[Found]:
    """Yield the acts of a log."""
    for placed in log:
        decision = placed.decision
        for event in decision.events:
            if isinstance(event, ActRecorded):
                yield Found(event, decision.partition, decision.sequence, decision.decided_at)


def reasons_in(lines: Iterable[bytes]) -> dict[str, str]:
    """Return reasons by control id, of a file's lines; one that was changed has another id."""
    said = ((control_id_of(line), read_line(line)) for line in lines)
    return {name: each.get("reason", "") for name, each in said if each is not None}


def missing(lines: Iterable[bytes], found: Iterable[Found]) -> list[dict[str, Any]]:
    """Return the lines that are not in the chain as they stand: changed, made up, or not sent."""
    known = {each.event.control_id for each in found}
    return [
        {"line": number, "what": "not in the chain"}
        for number, line in enumerate(lines, 1)
        if read_line(line) is not None and control_id_of(line) not in known
    ]
