"""Closing: which days each partition has closed, folded from the log, and which may be next.

Owns: the days, their digest, and every reason not to close one.
Never: reads a clock; the rule of the day itself is `ops/reports/period.py`.

A day is over when the programme's clock shows the next one. Days are closed one after another, also
those on which nothing happened, so that every day can be asked for by its date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from hashlib import sha256
from typing import Final, NamedTuple, final

from ledger.calendar import SECOND_US, Calendar, in_words
from ops.errors import DocumentError
from ops.reading import Placed
from ops.reports.paper import Stand
from ops.reports.period import EPOCH, Lane, Lanes, Period, date_of
from schemas.messages.events import CutTaken
from schemas.messages.policy import Zone

ONE_DAY: Final = timedelta(days=1)


class Close(NamedTuple):
    """Where one partition closed a day."""

    k: int
    stand: Stand


@final
class Days:
    """The closed days of every partition, by date."""

    def __init__(self, partitions: Collection[int], zone: Zone) -> None:
        self._lanes: Final = Lanes(partitions, Period(), zone)
        self._zone = zone
        self.closed: Final[dict[str, dict[int, Close]]] = {}
        self.seen: Final[dict[int, int]] = {}  # the last cut of each partition

    @property
    def partitions(self) -> int:
        """How many partitions there are."""
        return len(self._lanes.by_partition)

    @property
    def calendar(self) -> Calendar:
        """The programme's calendar, of the policy in force."""
        return next(iter(self._lanes.by_partition.values())).calendar

    def take(self, placed: Placed) -> None:
        """Follow a sealed Decision; of each partition in order."""
        lane = self._lanes.lane_of(placed)
        if lane is None:
            return
        cuts = [each for each in placed.decision.events if isinstance(each, CutTaken)]
        closing = [each for each in cuts if lane.closes(each)]
        self._lanes.pass_by(lane, placed)
        for cut in cuts:
            self.seen[lane.partition] = cut.k
        for cut in closing:
            self._close(lane, cut)

    def whole(self) -> list[str]:
        """Return the days that every partition has closed, in order."""
        return sorted(day for day, each in self.closed.items() if len(each) == self.partitions)

    def under_way(self) -> list[str]:
        """Return the days that some partitions have closed and others have not."""
        return sorted(day for day, each in self.closed.items() if len(each) < self.partitions)

    def digest(self, day: str) -> str:
        """Return the digest of where a day was closed: the same for ever, on every machine."""
        lines = [
            f"{number} {each.k} {each.stand.sequence} {each.stand.offset} {each.stand.chain.hex()}"
            for number, each in sorted(self.closed[day].items())
        ]
        return sha256("\n".join((day, *lines)).encode()).hexdigest()

    def _close(self, lane: Lane, cut: CutTaken) -> None:
        self.closed.setdefault(cut.label, {})[lane.partition] = Close(cut.k, lane.stand)


def days_of(log: Iterable[Placed], partitions: Collection[int], zone: Zone) -> Days:
    """Fold a log."""
    days = Days(partitions, zone)
    for placed in log:
        days.take(placed)
    return days


def next_day(days: Days, asked: str, now_us: int) -> date:
    """Return the day to close: the one asked for, or the next. Raises `DocumentError`."""
    under_way = days.under_way()
    if under_way and asked != under_way[-1]:
        raise DocumentError(
            f"{under_way[-1]} is not closed on every partition yet: see `ledgerctl day show`; "
            f"where one refused its cut, --day {under_way[-1]} cuts again"
        )
    whole = days.whole()
    last = date.fromisoformat(whole[-1]) if whole else None
    over = date_of(days.calendar.day(now_us)) - ONE_DAY  # the last day that is over
    day = _asked(asked) if asked else (over if last is None else last + ONE_DAY)
    if last is not None and day <= last:
        raise DocumentError(f"--day: {day} is closed, and a closed day never changes")
    if day > over:
        begins = days.calendar.begins(day.toordinal() - EPOCH + 1)
        raise DocumentError(f"--day: {day} is not over before {in_words(begins)}")
    if last is not None and day > last + ONE_DAY:
        raise DocumentError(f"--day: {last + ONE_DAY} comes first: days are closed one by one")
    return day


def _asked(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise DocumentError(f"--day: {text!r} is no date such as 2026-11-29") from error
    if day.isoformat() != text:
        raise DocumentError(f"--day: {text!r} is not written like 2026-11-29")
    return day


class Waiting(NamedTuple):
    """Which partitions have not closed a day, and which of them will not by this cut."""

    left: tuple[int, ...]
    refused: tuple[int, ...]


def waiting_for(days: Days, day: str, k: int) -> Waiting:
    """Say who has not closed a day; one that is at cut k or past it without, refused it."""
    closed = days.closed.get(day, {})
    missing = [number for number in range(days.partitions) if number not in closed]
    refused = [number for number in missing if days.seen.get(number, 0) >= k]
    return Waiting(tuple(each for each in missing if each not in refused), tuple(refused))


def cut_after(days: Days, now_us: int) -> int:
    """Return the instant of a cut that is above every cut of every partition."""
    return max(now_us, (max(days.seen.values(), default=0) + 1) * SECOND_US)
