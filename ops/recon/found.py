"""What the reconciliation found: its events, folded.

Owns: which cuts were taken and proved, and which breaks are open.
Never: reads a topic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import final

from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    CutProved,
    CutReached,
    ReconEvent,
)


@final
@dataclass(slots=True)
class Cut:
    """A cut as far as it got."""

    k: int
    label: str
    reached: dict[int, CutReached] = field(default_factory=dict)
    proved: CutProved | None = None


@final
@dataclass(slots=True)
class Break:
    """A break and when it began and, where it did, ended."""

    opened: BreakOpened
    opened_at: int
    closed_at: int | None = None


@final
@dataclass(slots=True)
class Found:
    """Everything that was said, each event once."""

    cuts: dict[int, Cut] = field(default_factory=dict)
    breaks: dict[str, Break] = field(default_factory=dict)

    def take(self, event: ReconEvent) -> None:
        """Fold one event; the same again changes nothing."""
        body = event.body
        if isinstance(body, CutReached):
            self._cut(body.k, body.label).reached[body.partition] = body
        elif isinstance(body, CutProved):
            self._cut(body.k, body.label).proved = body
        elif isinstance(body, BreakClosed):
            self.breaks[body.break_id].closed_at = event.at
        else:
            self.breaks.setdefault(body.break_id, Break(body, event.at))

    def _cut(self, k: int, label: str) -> Cut:
        return self.cuts.setdefault(k, Cut(k, label))


def found_in(events: Iterable[ReconEvent]) -> Found:
    """Fold events. Those of one break or cut lie in one partition, so in order."""
    found = Found()
    for event in events:
        found.take(event)
    return found
