"""Blows: what can strike one I/O operation, and what its caller then sees.

Owns: the records of a blow and its three moments: before the operation has its effect, after it,
or unknown: the request is on its way and has its effect later, or never.
Never: decides when one falls; a fault schedule or a plan of crash points does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """Where in an operation it strikes."""

    BEFORE = "before"
    AFTER = "after"
    UNKNOWN = "unknown"


class Harm(StrEnum):
    """What happens to the process, or to the answer it waits for."""

    KILL = "kill"
    POWER_LOSS = "power loss"
    PAUSE = "pause"
    ERROR = "error"
    TEAR = "tear"  # answered, and the markers of some partitions come later
    REPEAT = "repeat"  # answered, and the same request arrives once more, later


@dataclass(frozen=True, slots=True)
class Blow:
    """One stroke; `pause_s` is the length of a pause.

    A late request lands before its strand's next request but so many, or so many seconds later,
    whatever comes first.
    """

    moment: Moment
    harm: Harm
    pause_s: float = 0.0
    late_s: float = 0.5
    late_requests: int = 1
