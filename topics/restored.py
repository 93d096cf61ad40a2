"""Restored: the header of a record that came back from an archive with the time it had.

Owns: its name, and the question whether a record has it.
Never: a reason to believe a time: the broker stamps every record of a LogAppendTime topic itself,
whatever its headers say, so such a record can only have been written while the topic was being
restored, before any worker could start on it (ADR 39).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RESTORED_HEADER: Final = "restored"


def is_restored(headers: Iterable[tuple[str, object]]) -> bool:
    """Say whether a record was written by a restore."""
    return any(name == RESTORED_HEADER for name, _ in headers)
