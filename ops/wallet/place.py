"""Place: the Decisions of a log up to an offset or a time.

Owns: how a place is written.
Never: reads a topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from ops.moment import micros_of
from ops.reading import Placed


def until(log: Iterable[Placed], place: str) -> Iterator[Placed]:
    """Yield what lies up to and with the place; digits are an offset, else it is a time."""
    if place.isdecimal():
        offset = int(place)
        return takewhile(lambda each: each.offset <= offset, log)
    at_us = micros_of(place, "--at")
    return takewhile(lambda each: each.decision.decided_at <= at_us, log)
