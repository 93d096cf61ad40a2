"""Instants: microseconds since the epoch, and the same as a date with its zone.

Owns: the two directions. Never: asks a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICRO: Final = timedelta(microseconds=1)


def instant(micros: int) -> datetime:
    """Return the date."""
    return EPOCH + timedelta(microseconds=micros)


def micros_of(at: datetime) -> int:
    """Return the microseconds."""
    return (at - EPOCH) // MICRO
