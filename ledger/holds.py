"""Holds: the life of a reserved amount.

Owns: the transition table; no other file changes a hold's status. What it does not list is refused.
Never: touches balances or rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, final

from schemas.messages.rows import HoldPart, HoldRow
from schemas.messages.vocabulary import HoldStatus


class HoldVerb(Enum):
    """What can be done to a hold; CAPTURE ends it, CAPTURE_PART keeps the rest reserved."""

    CAPTURE = "capture"
    CAPTURE_PART = "capture part"
    VOID = "void"
    EXPIRE = "expire"
    INCREMENT = "increment"
    EXTEND = "extend"


TRANSITIONS: Final[Mapping[tuple[HoldStatus, HoldVerb], HoldStatus]] = MappingProxyType(
    {
        (HoldStatus.ACTIVE, HoldVerb.CAPTURE): HoldStatus.CAPTURED,
        (HoldStatus.ACTIVE, HoldVerb.CAPTURE_PART): HoldStatus.PARTIALLY_CAPTURED,
        (HoldStatus.ACTIVE, HoldVerb.VOID): HoldStatus.VOIDED,
        (HoldStatus.ACTIVE, HoldVerb.EXPIRE): HoldStatus.EXPIRED,
        (HoldStatus.ACTIVE, HoldVerb.INCREMENT): HoldStatus.ACTIVE,
        (HoldStatus.ACTIVE, HoldVerb.EXTEND): HoldStatus.ACTIVE,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.CAPTURE): HoldStatus.CAPTURED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.CAPTURE_PART): HoldStatus.PARTIALLY_CAPTURED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.VOID): HoldStatus.VOIDED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.EXPIRE): HoldStatus.EXPIRED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.EXTEND): HoldStatus.PARTIALLY_CAPTURED,
    }
)
OPEN: Final = frozenset(status for status, _ in TRANSITIONS)


def remaining_of(row: HoldRow) -> int:
    """Return what is still reserved: authorised - captured - released (I5)."""
    return row.authorized - row.captured - row.released


def with_increment(row: HoldRow, part: HoldPart) -> HoldRow:
    """Return the hold with more reserved under it."""
    return HoldRow(
        row.to_wallet_id,
        row.currency,
        row.authorized + part.amount,
        row.captured,
        row.released,
        row.status,
        row.expires_at,
        row.entry,
        row.day,
        row.month,
        row.base_amount,
        (*row.increments, part),
    )


@final
class GivenBack:
    """What a release gives back to one outflow entry of a hold."""

    __slots__ = ("base_amount", "day", "entry", "month")

    def __init__(self, part: HoldPart, base_amount: int) -> None:
        self.entry: Final = part.entry
        self.day: Final = part.day
        self.month: Final = part.month
        self.base_amount: Final = base_amount


def given_back(row: HoldRow, amount: int, *, whole: bool) -> tuple[GivenBack, ...]:
    """Return what goes back to each entry of a hold when `amount` of it is released now.

    What was reserved first is released first: a later increment then changes nothing about earlier
    releases. Shares are rounded down over all that was released of a part so far, so that they add
    up to it. With `whole` every entry gets its count back, also one with nothing left to release.
    """
    found: list[GivenBack] = []
    before = row.released
    after = before + amount
    for part in parts_of(row):
        share = _share(part, after) - _share(part, before)
        if share > 0 or whole:
            found.append(GivenBack(part, share))
        before = max(0, before - part.amount)
        after = max(0, after - part.amount)
    return tuple(found)


def parts_of(row: HoldRow) -> tuple[HoldPart, ...]:
    """Return what a hold was placed with, and each increment since."""
    placed = row.authorized - sum([each.amount for each in row.increments])
    first = HoldPart(placed, row.entry, row.day, row.month, row.base_amount)
    return (first, *row.increments)


def _share(part: HoldPart, released: int) -> int:
    return part.base_amount * min(released, part.amount) // part.amount
