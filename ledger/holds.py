"""Holds: the life of a reserved amount.

Owns: the transition table; no other file changes a hold's status. What it does not list is refused.
Never: touches balances or rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from schemas.messages.rows import HoldRow
from schemas.messages.vocabulary import HoldStatus


class HoldVerb(Enum):
    """What can be done to a hold; CAPTURE ends it, CAPTURE_PART keeps the rest reserved."""

    CAPTURE = "capture"
    CAPTURE_PART = "capture part"
    VOID = "void"
    EXPIRE = "expire"


TRANSITIONS: Final[Mapping[tuple[HoldStatus, HoldVerb], HoldStatus]] = MappingProxyType(
    {
        (HoldStatus.ACTIVE, HoldVerb.CAPTURE): HoldStatus.CAPTURED,
        (HoldStatus.ACTIVE, HoldVerb.CAPTURE_PART): HoldStatus.PARTIALLY_CAPTURED,
        (HoldStatus.ACTIVE, HoldVerb.VOID): HoldStatus.VOIDED,
        (HoldStatus.ACTIVE, HoldVerb.EXPIRE): HoldStatus.EXPIRED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.CAPTURE): HoldStatus.CAPTURED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.CAPTURE_PART): HoldStatus.PARTIALLY_CAPTURED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.VOID): HoldStatus.VOIDED,
        (HoldStatus.PARTIALLY_CAPTURED, HoldVerb.EXPIRE): HoldStatus.EXPIRED,
    }
)
OPEN: Final = frozenset(status for status, _ in TRANSITIONS)


def remaining_of(row: HoldRow) -> int:
    """Return what is still reserved: authorised - captured - released (I5)."""
    return row.authorized - row.captured - row.released


def share_of(row: HoldRow, part: int) -> int:
    """Return the base amount to give back when `part` of a hold is released now.

    Rounded down over all that was released so far, so that the parts of a hold add up to it.
    """
    before = row.base_amount * row.released // row.authorized
    return row.base_amount * (row.released + part) // row.authorized - before
