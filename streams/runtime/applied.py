"""The applied row: how far the local store has followed the log.

Owns: its bytes (schema `ledger.runtime.AppliedRow`).
Never: decides whether it fits the log; that is recovery's.
"""

from __future__ import annotations

from schemas.codec import decode, encode
from schemas.messages.decisions import InputPosition
from schemas.messages.runtime import AppliedRow
from streams.runtime.job import Positions


def applied_bytes(log_topic_id: str, log_offset: int, positions: Positions) -> bytes:
    """Encode the row."""
    places = tuple(InputPosition(topic, offset) for topic, offset in sorted(positions.items()))
    return encode(AppliedRow(log_topic_id, log_offset, places))


def read_applied(data: bytes) -> tuple[str, int, Positions]:
    """Decode the row: log topic id, next log offset, next input positions."""
    row = decode(AppliedRow, data)
    positions = {place.topic: place.offset for place in row.next_positions}
    return row.log_topic_id, row.log_offset, positions
