"""Ends: what both ends of an ordered pair said at the same number.

Owns: which points wait for the other end, and up to which number both were equal.
Never: compares at different numbers: a point that the other end has not said yet is lag.
"""

from __future__ import annotations

from typing import Final, final

from schemas.messages.recon import DirectionRow, PairPoint
from streams.reconciliation.internal.checks import ri05_pairs as ri05

# Of the points that the other end has not said, so many are kept, the newest: those before them
# would only say more exactly where a difference begins.
WAITING_MAX: Final = 256
NEVER_MET: Final = DirectionRow(0, 0, ())


@final
class Meeting:
    """What a point led to: the new row, and how the ends differ, if they do."""

    __slots__ = ("row", "wrong")

    def __init__(self, row: DirectionRow, wrong: str | None = None) -> None:
        self.row: Final = row
        self.wrong: Final = wrong


def meet(row: DirectionRow, point: PairPoint) -> Meeting:
    """Take a point of one end; compare it when the other end's is there.

    Digests run on: once both ends differ they differ for ever, so it is said once.
    """
    if row.broken or point.pair_seq <= row.met:
        return Meeting(row)
    for other in row.waiting:
        if other.pair_seq == point.pair_seq and other.at_source is not point.at_source:
            return _met(row, point, other)
    waiting = [each for each in row.waiting if not _is_same(each, point)]
    waiting = sorted([*waiting, point], key=lambda each: each.pair_seq)[-WAITING_MAX:]
    return Meeting(DirectionRow(row.met, 0, tuple(waiting)))


def _met(row: DirectionRow, point: PairPoint, other: PairPoint) -> Meeting:
    source, destination = (point, other) if point.at_source else (other, point)
    wrong = ri05.apart(source, destination)
    if wrong is None:
        later = [each for each in row.waiting if each.pair_seq > point.pair_seq]
        return Meeting(DirectionRow(point.pair_seq, 0, tuple(later)))
    where = f"legs {row.met + 1} to {point.pair_seq}"
    return Meeting(DirectionRow(row.met, point.pair_seq, ()), f"{where}: {wrong}")


def _is_same(one: PairPoint, other: PairPoint) -> bool:
    return (one.pair_seq, one.at_source) == (other.pair_seq, other.at_source)
