"""Cut: where each partition of the log ends, so that together they are one state of the ledger.

Owns: the rules by which partitions that were archived one after the other are cut back until no
one of them knows what another has not said yet.
Never: reads a file.

A cut is consistent when
    every leg that a partition has taken was sent by a Decision that is kept        (no money made)
    every leg that a kept Decision sent is archived, or was taken long ago          (no money lost)
    every input that a kept Decision answers is archived

Cutting one partition back can make another wrong, so this goes on until nothing changes; it ends,
because partitions are only ever shortened. What is cut off is decided again from the inputs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple, final

from topics.catalog import LEGS

NOTHING: Final[Mapping[int, int]] = {}


class Group(NamedTuple):
    """What a transaction of the log left behind.

    sent: highest leg number that was sent to each partition so far.
    taken: highest leg number that was taken from each partition so far.
    """

    sequence: int
    next_offset: int
    decided_at: int
    positions: Mapping[str, int]
    sent: Mapping[int, int]
    taken: Mapping[int, int]


EMPTY: Final = Group(0, 0, 0, {}, NOTHING, NOTHING)


@final
class Legs:
    """The legs that lie in one partition: where each number of each sender came first."""

    def __init__(self) -> None:
        self._numbers: Final[dict[int, list[int]]] = {}
        self._offsets: Final[dict[int, list[int]]] = {}

    def add(self, sender: int, number: int, offset: int) -> None:
        """Note a leg; one that was sent again lies further on and is no news."""
        numbers = self._numbers.setdefault(sender, [])
        if not numbers or number > numbers[-1]:
            numbers.append(number)
            self._offsets.setdefault(sender, []).append(offset)

    def newest(self, sender: int) -> int:
        """Return the highest number of a sender; 0 when there is none."""
        return self._numbers.get(sender, [0])[-1]

    def first_beyond(self, sender: int, number: int) -> int | None:
        """Return where the first leg above a number lies."""
        at = bisect_right(self._numbers.get(sender, []), number)
        offsets = self._offsets.get(sender, [])
        return offsets[at] if at < len(offsets) else None

    def senders(self) -> Sequence[int]:
        """Return who has sent here."""
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True)
class Until:
    """How far to go back; without any, as little as can be."""

    partition: int | None = None
    offset: int | None = None
    at_us: int | None = None

    @property
    def given(self) -> bool:
        """Say whether somebody asked to go back."""
        return self.offset is not None or self.at_us is not None

    def has(self, partition: int, group: Group) -> bool:
        """Say whether a group was whole there."""
        if self.at_us is not None:
            return group.decided_at <= self.at_us
        return partition != self.partition or group.next_offset - 1 <= (self.offset or 0)


@dataclass(slots=True)
class Survey:
    """What an archive says: the groups of each partition, its legs, where each input ends."""

    groups: dict[int, list[Group]] = field(default_factory=dict)
    legs: dict[int, Legs] = field(default_factory=dict)
    ends: dict[tuple[str, int], int] = field(default_factory=dict)


def consistent(survey: Survey, until: Until) -> dict[int, Group]:
    """Return the last group of each partition that stays."""
    cut = {
        number: _back(survey, number, partial(_allowed, survey, until, number))
        for number in survey.groups
    }
    while shorter := _shortened(survey, cut):
        cut.update(shorter)
    return cut


def _allowed(survey: Survey, until: Until, partition: int, group: Group) -> bool:
    """Say whether a group is early enough, and everything it answers is archived."""
    return until.has(partition, group) and all(
        offset <= survey.ends.get((topic, partition), offset)
        for topic, offset in group.positions.items()
    )


def _shortened(survey: Survey, cut: Mapping[int, Group]) -> dict[int, Group]:
    """Return the first partition that has to end earlier, and where; empty when none has."""
    for number, last in cut.items():
        found = _without_strangers(survey, cut, number, last) or _without_lost(
            survey, cut, number, last
        )
        if found is not None:
            return {number: found}
    return {}


def _without_strangers(
    survey: Survey, cut: Mapping[int, Group], number: int, last: Group
) -> Group | None:
    """Take back Decisions about legs that nobody who stays has sent."""
    for sender, number_taken in last.taken.items():
        sent = cut.get(sender, EMPTY).sent.get(number, 0)
        if number_taken > sent:
            return _back(survey, number, partial(_taken_at_most, sender, sent))
    # What was sent again has no effect, but its record has to lie where it was answered.
    legs = survey.legs.get(number, Legs())
    beyond = [
        legs.first_beyond(sender, cut.get(sender, EMPTY).sent.get(number, 0))
        for sender in legs.senders()
    ]
    limit = min((offset for offset in beyond if offset is not None), default=None)
    if limit is None or last.positions.get(LEGS.name, 0) <= limit:
        return None
    return _back(survey, number, lambda group: group.positions.get(LEGS.name, 0) <= limit)


def _without_lost(
    survey: Survey, cut: Mapping[int, Group], number: int, last: Group
) -> Group | None:
    """Take back Decisions whose legs are in nobody's archive."""
    for peer, sent in last.sent.items():
        archived = survey.legs.get(peer, Legs()).newest(number)
        known = max(archived, cut.get(peer, EMPTY).taken.get(number, 0))
        if sent > known:
            return _back(survey, number, partial(_sent_at_most, peer, known))
    return None


def _taken_at_most(peer: int, number: int, group: Group) -> bool:
    return group.taken.get(peer, 0) <= number


def _sent_at_most(peer: int, number: int, group: Group) -> bool:
    return group.sent.get(peer, 0) <= number


def _back(survey: Survey, partition: int, fits: Callable[[Group], bool]) -> Group:
    """Return the last group up to which all groups fit: each rule, once broken, stays so."""
    groups = survey.groups[partition]
    at = len(groups)
    while at and not fits(groups[at - 1]):
        at -= 1
    return groups[at - 1] if at else EMPTY
