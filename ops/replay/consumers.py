"""Consumers: for each, what may happen when its topic comes again from the beginning.

Owns: the one list of sinks and stream jobs with that answer, and why.
Never: replays. A consumer that is not here fails a test.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Replay(StrEnum):
    """What a repeat of everything may do.

    SAFE: into the live store, it changes no row. SHADOW: only beside it, compared, then swapped.
    FORBIDDEN: never; it has effects, or its repeat is recovery, which the runtime alone does.
    """

    SAFE = "safe"
    SHADOW = "shadow"
    FORBIDDEN = "forbidden"


SINKS: Final = {
    # Appended rows are refused when they come twice: their keys are a tripwire.
    "postgres": Replay.SHADOW,
    # A row's timestamp is its sequence: the same cell again.
    "cassandra": Replay.SAFE,
    # Set only if newer.
    "redis": Replay.SAFE,
}
DOORS: Final = {
    # It tells others. Should its topics come again all the same, what was told is known by its id.
    "webhooks": Replay.FORBIDDEN,
}
LAKES: Final = {
    # Rows are appended. Where the table's snapshots have lost the offsets it refuses to begin.
    "lake": Replay.SHADOW,
}
JOBS: Final = {
    "wallet": Replay.FORBIDDEN,  # it would decide again: `verify all` does that without writing
    "settlement": Replay.FORBIDDEN,  # it commands and instructs rails
    "scheduler": Replay.FORBIDDEN,  # it commands
    "automation": Replay.FORBIDDEN,  # it commands and sends notices
    "facts": Replay.FORBIDDEN,  # a pair's running digest would count everything twice
    "match": Replay.FORBIDDEN,  # as above
    "stores": Replay.FORBIDDEN,  # a bucket would count everything twice
    "risk": Replay.FORBIDDEN,  # it tells wallets what it counts
    "publish": Replay.FORBIDDEN,  # its totals would count everything twice
}
