"""The identity of a command: a repeat is known and a difference is named by it.

Owns: the fingerprint and the field checks. The content is the body with its conditions; command id,
issued_at and schema version are envelope, so a client may stamp a retry anew.
Never: compares; `ledger.decider` does, against the identity row.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from zlib import crc32

from ledger.content import CONTENT_FIELDS
from schemas.messages.commands import (
    AvailableAtLeast,
    Command,
    Condition,
    ScheduleIsActive,
)

FINGERPRINT_BYTES: Final = 16


def identify(body: Command, conditions: tuple[Condition, ...] = ()) -> tuple[bytes, bytes]:
    """Return fingerprint (16 bytes) and checks: 4 bytes for the type, then 4 a field.

    Conditions, where there are any, count as one more field, the last.
    """
    kind = type(body).__name__
    parts = [f"{getattr(body, field)}" for field in CONTENT_FIELDS[kind]]
    if conditions:
        parts.append(";".join([_text(each) for each in conditions]))
    checks = b"".join([crc32(part.encode()).to_bytes(4, "big") for part in (kind, *parts)])
    content = "\0".join([kind, *(f"{len(part)}:{part}" for part in parts)])
    return sha256(content.encode()).digest()[:FINGERPRINT_BYTES], checks


def _text(condition: Condition) -> str:
    if isinstance(condition, AvailableAtLeast):
        return f"available {condition.currency} {condition.amount}"
    if isinstance(condition, ScheduleIsActive):
        return f"schedule {condition.schedule_id}"
    return f"sequence {condition.sequence}"
