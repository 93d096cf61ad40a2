"""Stamp: the command id and the caller's time of a command that has none.

Owns: the only random number and the only wall clock of the SDK.
Never: replaces what the caller gave.
"""

from __future__ import annotations

from time import time_ns
from uuid import uuid4


def new_command_id() -> str:
    """Return a command id nobody has used: a random UUID of version 4."""
    return str(uuid4())


def now_us() -> int:
    """Return the caller's time in microseconds since 1970-01-01 UTC."""
    return time_ns() // 1_000
