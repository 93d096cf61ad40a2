"""What the reconciliation found: its events, folded.

Owns: which cuts were taken and proved, which breaks are open and how far their repair is, and where
each exception stands.
Never: reads a topic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never, final

from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    CutProved,
    CutReached,
    ExceptionMoved,
    ExceptionOpened,
    ReconEvent,
    RepairBegun,
    RepairEnded,
    RepairOrdered,
)
from streams.reconciliation.external.exceptions.followed import Cases

Repair = RepairOrdered | RepairBegun | RepairEnded


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
    """A break and when it began and, where it did, ended; how far its repair is."""

    opened: BreakOpened
    opened_at: int
    closed_at: int | None = None
    repair: Repair | None = None


@final
@dataclass(slots=True)
class Found:
    """Everything that was said, each event once.

    `homes` is the partition in which an exception was opened: all that is said of it goes there.
    """

    cuts: dict[int, Cut] = field(default_factory=dict)
    breaks: dict[str, Break] = field(default_factory=dict)
    cases: Cases = field(default_factory=Cases)
    homes: dict[str, int] = field(default_factory=dict)

    def take(self, event: ReconEvent, partition: int = 0) -> None:
        """Fold one event; the same again changes nothing."""
        body = event.body
        if isinstance(body, CutReached):
            self._cut(body.k, body.label).reached[body.partition] = body
        elif isinstance(body, CutProved):
            self._cut(body.k, body.label).proved = body
        elif isinstance(body, BreakOpened):
            self.homes.setdefault(body.break_id, partition)
            self.breaks.setdefault(body.break_id, Break(body, event.at))
            self.cases.break_opened(event.at, body)
        elif isinstance(body, BreakClosed):
            self._closed(event.at, body)
        elif isinstance(body, Repair):
            self._repaired(body)
        elif isinstance(body, ExceptionOpened):
            self.homes.setdefault(body.case_id, partition)
            self.cases.opened(event.at, body)
        elif isinstance(body, ExceptionMoved):
            self.cases.moved(event.event_id, event.at, body)
        else:
            assert_never(body)

    def _closed(self, at: int, body: BreakClosed) -> None:
        known = self.breaks.get(body.break_id)
        if known is not None:
            known.closed_at = at
            self.cases.break_closed(at, body)

    def _repaired(self, body: Repair) -> None:
        known = self.breaks.get(body.break_id)
        if known is not None:
            known.repair = body

    def _cut(self, k: int, label: str) -> Cut:
        return self.cuts.setdefault(k, Cut(k, label))


def found_in(events: Iterable[ReconEvent]) -> Found:
    """Fold events. Those of one break or cut lie in one partition, so in order."""
    found = Found()
    for event in events:
        found.take(event)
    return found
