"""Periods: between which two Decisions of each partition a report lies.

Owns: cuts, closed days and offsets as beginnings and ends; which business day a Decision is
booked on.
Never: reads a clock. A day ends where its cut lies, whatever the time was.

The rule of the day. A cut whose label is a date later than every earlier label closes that day in
its partition; any other label closes nothing. So a closed day can neither be closed again nor
moved, and what comes late is booked on the day that is open when it comes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, final

from ledger.calendar import Calendar
from ops.reading import Placed
from ops.reports.errors import ReportError
from ops.reports.paper import Stand
from schemas.messages.events import CutTaken, PolicyActivated
from schemas.messages.policy import Zone

OPEN_DAY: Final = "open"
EPOCH: Final = date(1970, 1, 1).toordinal()


@final
@dataclass(frozen=True, slots=True)
class Period:
    """What was asked for; 0, empty and None ask for nothing: from the first record to the last.

    `from_day` begins after the last day closed before it; `from_cut` and `cut` are numbers of cuts;
    `to_day` ends where that day was closed; `offsets` are the last of each partition.
    """

    from_cut: int = 0
    from_day: str = ""
    cut: int = 0
    to_day: str = ""
    offsets: Mapping[int, int] | None = None

    def __post_init__(self) -> None:
        ends = [name for name in ("cut", "to_day", "offsets") if getattr(self, name)]
        if len(ends) > 1:
            raise ReportError("--cut, --day and --offset each say where it ends: give one")
        if self.from_cut and self.from_day:
            raise ReportError("--from-cut and --day each say where it begins: give one")
        if self.to_day and self.from_day > self.to_day:
            raise ReportError(f"the period begins on {self.from_day}, after its end {self.to_day}")


@final
@dataclass(slots=True)
class Lane:
    """One partition as far as it was read: the days that were closed in it, and where it stands."""

    partition: int
    calendar: Calendar
    stand: Stand
    days: list[str] = field(default_factory=list)
    began: CutTaken | None = None
    ended: CutTaken | None = None
    over: bool = False

    @property
    def interval(self) -> int:
        """Number of the business day that is open."""
        return len(self.days)

    def booked(self, interval: int) -> str:
        """Return the date of a business day; the open one has none yet."""
        return self.days[interval] if interval < len(self.days) else OPEN_DAY

    def closes(self, cut: CutTaken) -> bool:
        """Tell whether a cut closes a day here."""
        return bool(cut.label) and (not self.days or cut.label > self.days[-1])


@final
class Lanes:
    """All partitions of a report."""

    def __init__(self, partitions: Collection[int], period: Period, zone: Zone) -> None:
        self.period: Final = period
        calendar = Calendar(zone)
        self.by_partition: Final = {
            number: Lane(number, calendar, Stand(number, 0, -1, b"")) for number in partitions
        }
        # Partitions that have not come to the end; without an end the log itself is read out.
        ends = bool(period.cut or period.to_day or period.offsets is not None)
        self.waiting: Final = set(partitions) if ends else {-1}

    def lane_of(self, placed: Placed) -> Lane | None:
        """Return the lane that a Decision lies in; None for what lies after the end."""
        lane = self.by_partition.get(placed.decision.partition)
        if lane is None or lane.over:
            return None
        offsets = self.period.offsets
        if offsets is not None and placed.offset > offsets.get(lane.partition, -1):
            self._end(lane, None)
            return None
        return lane

    def pass_by(self, lane: Lane, placed: Placed) -> bool:
        """Stand behind a Decision; tell whether the period begins there."""
        decision = placed.decision
        lane.stand = Stand(
            lane.partition, decision.sequence, placed.offset, placed.chain, decision.decided_at
        )
        if decision.wallet_id or not decision.events:
            return False  # not a control record, as most are not
        begins = False
        for event in decision.events:
            if isinstance(event, CutTaken):
                begins = self._cut(lane, event) or begins
            elif isinstance(event, PolicyActivated):
                lane.calendar = Calendar(event.policy.zone)
        return begins

    def check(self) -> None:
        """Raise `ReportError` where a partition has not come to the end or to the beginning."""
        period = self.period
        end = f"cut {period.cut}" if period.cut else f"the close of {period.to_day}"
        if period.cut or period.to_day:
            for lane in self.by_partition.values():
                if not lane.over:
                    raise ReportError(f"partition {lane.partition} has not come to {end} yet")
        lanes = list(self.by_partition.values())
        for lane in lanes:
            if period.from_cut and lane.began is None:
                raise ReportError(
                    f"--from-cut: partition {lane.partition} has no cut {period.from_cut} before "
                    "the end"
                )
        for cuts in ([each.began for each in lanes], [each.ended for each in lanes]):
            if len({each.k if each else 0 for each in cuts}) > 1:
                raise ReportError("partitions closed the same day at different cuts: name a cut")

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return beginning and end in words."""
        lane = next(iter(self.by_partition.values()))
        begin = _named(lane.began) if lane.began else "the first record"
        if self.period.offsets is not None:
            end = "the offsets that were given"
        else:
            end = _named(lane.ended) if lane.ended else "where the log ended; no cut, so it grows"
        return ("from", begin), ("to", end)

    def stands(self) -> tuple[Stand, ...]:
        """Return where each partition stands."""
        return tuple(lane.stand for _, lane in sorted(self.by_partition.items()))

    def _cut(self, lane: Lane, cut: CutTaken) -> bool:
        """Take a cut; tell whether the period begins at it."""
        period, closes = self.period, lane.closes(cut)
        if closes:
            lane.days.append(cut.label)
        if period.cut and cut.k >= period.cut:
            if cut.k > period.cut:
                raise ReportError(f"--cut: partition {lane.partition} never took cut {period.cut}")
            self._end(lane, cut)
        elif closes and period.to_day and cut.label >= period.to_day:
            if cut.label > period.to_day:
                raise ReportError(
                    f"--day: {period.to_day} was not closed by itself; {cut.label} closed it"
                )
            self._end(lane, cut)
        elif cut.k == period.from_cut or (closes and cut.label < period.from_day):
            lane.began = cut
            return True
        return False

    def _end(self, lane: Lane, cut: CutTaken | None) -> None:
        lane.over, lane.ended = True, cut
        self.waiting.discard(lane.partition)


def date_of(day: int) -> date:
    """Return the date of a day as `Calendar` counts it."""
    return date.fromordinal(EPOCH + day)


def _named(cut: CutTaken) -> str:
    return f"cut {cut.k}" + (f", labelled {cut.label}" if cut.label else "")
