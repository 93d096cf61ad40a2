"""Moment: a time as a person writes it on the command line.

Owns: its form, with a zone.
Never: the clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ops.errors import DocumentError

MICROS: Final = 1_000_000


def micros_of(text: str, option: str) -> int:
    """Read a time with its zone. Raises `DocumentError` naming the option."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise DocumentError(f"{option}: {text!r} is no time such as 2026-11-29T06:00Z") from error
    if at.tzinfo is None:
        raise DocumentError(f"{option}: {text!r} has no zone; write Z for UTC")
    return round(at.timestamp() * MICROS)
