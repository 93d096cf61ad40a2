"""Match: facts in, cuts and breaks out.

Owns: what has met, which breaks are open, and the ids of events.
Never: reads the log. A fact that comes again is dropped by its number, so a half-way transaction of
the facts job that is sent again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from schemas.codec import decode, encode
from schemas.messages.recon import (
    BreakClosed,
    BreakOpened,
    Checkpoint,
    CheckpointRow,
    CutReached,
    CutsRow,
    Finding,
    NumberRow,
    OpenBreakRow,
    OpenCut,
    PairPoint,
    ReconBody,
    ReconEvent,
    ReconFact,
)
from schemas.messages.vocabulary import ReconCheck
from streams.reconciliation.internal.checks import CHECKS
from streams.reconciliation.internal.ends import NEVER_MET, meet
from streams.reconciliation.internal.match_tables import ONE, Meetings
from streams.reconciliation.internal.proof import prove
from streams.runtime.job import InputRecord, Output
from topics.catalog import RECON_EVENTS

# Cuts that some partition never answered, such as one whose number it refused, are kept so long.
OPEN_CUTS_MAX: Final = 64


@final
class MatchSteps:
    """Satisfies `streams.runtime.changelog.Steps`."""

    def __init__(self, meetings: Meetings, place: tuple[int, int]) -> None:
        self._meetings: Final = meetings
        self._partition, self._partitions = place

    def step(self, record: InputRecord) -> Sequence[Output]:
        """Take one fact."""
        assert record.value is not None, "facts have no record without a value"
        fact = decode(ReconFact, record.value)
        heard = self._meetings.heard.get(fact.partition)
        last = 0 if heard is None else heard.number
        if fact.number <= last:
            return ()
        assert fact.number == last + 1, (
            f"fact {fact.number} of partition {fact.partition} follows {last}"
        )
        self._meetings.heard.put(fact.partition, NumberRow(fact.number))
        body = fact.body
        if isinstance(body, PairPoint):
            return self._point(fact, body)
        if isinstance(body, Finding):
            return self._finding(fact, body)
        return self._checkpoint(fact, body)

    def fire(self, until: int) -> Sequence[Output] | None:
        """Nothing is due by time: facts come by themselves."""
        del until
        return None

    def _point(self, fact: ReconFact, point: PairPoint) -> Sequence[Output]:
        key = point.source, point.destination
        met = meet(self._meetings.directions.get(key) or NEVER_MET, point)
        self._meetings.directions.put(key, met.row)
        if met.wrong is None:
            return ()
        subject = f"pair {point.source}-{point.destination}"
        break_id = f"RI05-pair-{point.source}-{point.destination}-{met.row.met + 1}"
        found = Finding(break_id, ReconCheck.RI05, True, subject, 0, met.wrong)  # noqa: FBT003 - positional like the schema
        return self._finding(fact, found)

    def _finding(self, fact: ReconFact, found: Finding) -> Sequence[Output]:
        """Open a break, or close it; either once."""
        is_open = self._meetings.breaks.get(found.break_id) is not None
        if found.opened is is_open:
            return ()
        if not found.opened:
            self._meetings.breaks.delete(found.break_id)
            closed = BreakClosed(found.break_id, found.detail or "equal again")
            return (self._event(fact.at, f"{found.break_id}-closed", found.break_id, closed),)
        self._meetings.breaks.put(found.break_id, OpenBreakRow(found.break_id))
        check = CHECKS[found.check]
        opened = BreakOpened(
            found.break_id,
            found.check,
            check.severity,
            check.action,
            fact.partition,
            found.subject,
            found.sequence,
            found.detail,
        )
        return (self._event(fact.at, f"{found.break_id}-opened", found.break_id, opened),)

    def _checkpoint(self, fact: ReconFact, checkpoint: Checkpoint) -> Sequence[Output]:
        """Keep a checkpoint until all partitions have taken the cut, then compare them."""
        k = checkpoint.k
        self._meetings.checkpoints.put((k, fact.partition), CheckpointRow(fact.at, checkpoint))
        reached = CutReached(
            k,
            checkpoint.label,
            fact.partition,
            checkpoint.sequence,
            checkpoint.offset,
            checkpoint.chain,
        )
        said = [self._event(fact.at, f"cut-{k}-{fact.partition}", f"cut-{k}", reached)]
        if self._counted(k) == self._partitions:
            said += self._proved(fact, k)
        return said

    def _counted(self, k: int) -> int:
        """Return how many partitions have taken a cut; forget it when these are all."""
        row = self._meetings.cuts.get(ONE)
        before = {each.k: each.reached for each in (() if row is None else row.cuts)}
        reached = before.pop(k, 0) + 1
        if reached < self._partitions:
            before[k] = reached
        while len(before) > OPEN_CUTS_MAX:
            oldest = min(before)
            del before[oldest]
            self._forget(oldest)
        cuts = tuple([OpenCut(*each) for each in sorted(before.items())])
        self._meetings.cuts.put(ONE, CutsRow(cuts))
        return reached

    def _proved(self, fact: ReconFact, k: int) -> list[Output]:
        rows = {
            partition: row
            for partition in range(self._partitions)
            if (row := self._meetings.checkpoints.get((k, partition))) is not None
        }
        assert len(rows) == self._partitions, f"cut {k} has checkpoints of {sorted(rows)} only"
        self._forget(k)
        proof = prove({partition: row.checkpoint for partition, row in rows.items()})
        at = max([row.at for row in rows.values()])
        said: list[Output] = []
        for each in proof.unequal:
            break_id = f"{each.check.name}-cut-{k}-{each.subject}"
            found = Finding(break_id, each.check, True, f"cut {k}, {each.subject}", 0, each.detail)  # noqa: FBT003 - positional like the schema
            said += self._finding(fact, found)
        said.append(self._event(at, f"cut-{k}-proved", f"cut-{k}", proof.proved))
        return said

    def _forget(self, k: int) -> None:
        for partition in range(self._partitions):
            self._meetings.checkpoints.delete((k, partition))

    def _event(self, at: int, event_id: str, key: str, body: ReconBody) -> Output:
        event = ReconEvent(event_id, at, body)
        return Output(RECON_EVENTS.name, self._partition, key.encode(), encode(event))
