"""RI11: Redis holds the newest balances of the log, or older ones where it is behind.

A value carries its owner's sequence. Of the same sequence it must be the same. Behind is lag,
unless the store itself had said before that it was past the newer one: then it is stale. Ahead of
the log is forged: it is judged once the log was followed past all that can have been written then.
A value that nobody can read, or of a balance that is none, is forged too.

Owns: the comparison of one balance, and its words.
Never: a table, a topic.
"""

from __future__ import annotations

import re
from typing import Final

from schemas.messages.recon import BalancePoint, BalancePoints
from schemas.messages.vocabulary import ReconAction, ReconCheck, ReconSeverity
from streams.reconciliation.internal.checks.check import Check

CHECK: Final = Check(ReconCheck.RI11, ReconSeverity.CRITICAL, ReconAction.REPAIR)
UNDECIDED: Final = "?"
EQUAL: Final = ""
READABLE: Final = re.compile(r"(-?[0-9]{1,19}) ([0-9]{1,19})")


def failed(points: BalancePoints | None, value: str | None, watermark: int) -> str:
    """Return how a balance differs from what the log says, EQUAL or UNDECIDED.

    `watermark` is where the store said it stood before the value was read.
    """
    if value is None:
        return _absent(points, watermark)
    if points is None:
        return f"holds {value!r} and is no balance"
    read = READABLE.fullmatch(value)
    if read is None:
        return f"holds {value!r}, which nobody can read"
    minor, sequence = int(read[1]), int(read[2])
    newest = points.points[0]
    if sequence > newest.owner_sequence:
        return f"holds {value!r}, ahead of {_text(newest)!r}"
    return _known(points, minor, sequence, watermark)


def wanted(points: BalancePoints | None) -> str:
    """Return what the log says, as Redis holds it; nothing for what is no balance."""
    return "" if points is None else _text(points.points[0])


def _absent(points: BalancePoints | None, watermark: int) -> str:
    if points is None or points.since > watermark:
        return UNDECIDED
    return f"is missing, {_text(points.points[0])!r} is expected"


def _known(points: BalancePoints, minor: int, sequence: int, watermark: int) -> str:
    """Judge a value that is not ahead: which of the kept ones it is, and whether it may be."""
    newer: BalancePoint | None = None
    for point in points.points:
        if sequence > point.owner_sequence:
            return f"holds '{minor} {sequence}', which was never said"
        if sequence == point.owner_sequence:
            if minor != point.minor:
                return f"holds '{minor} {sequence}' where {_text(point)!r} is expected"
            break
        newer = point
    if newer is None:
        return EQUAL
    if newer.sequence <= watermark:
        return f"holds '{minor} {sequence}', stale: the store was past {_text(newer)!r}"
    return UNDECIDED


def _text(point: BalancePoint) -> str:
    return f"{point.minor} {point.owner_sequence}"
