"""The identity of a command: a repeat is known and a difference is named by it.

Owns: the fingerprint and the field checks. The content is the body; command id, issued_at and
schema version are envelope, so a client may stamp a retry anew.
Never: compares; `ledger.decider` does, against the identity row.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final
from zlib import crc32

from schemas.lock import read_lock
from schemas.messages.commands import Command

FINGERPRINT_BYTES: Final = 16


def _content_fields() -> dict[str, tuple[str, ...]]:
    """Return the fields of every command's body, in schema order, by the body's name."""
    schema: Any = read_lock()["ledger.commands.WalletCommand"][-1].schema
    body = next(field for field in schema["fields"] if field["name"] == "body")
    return {
        branch["name"].rpartition(".")[2]: tuple(field["name"] for field in branch["fields"])
        for branch in body["type"]
    }


FIELDS: Final = _content_fields()


def identify(body: Command) -> tuple[bytes, bytes]:
    """Return fingerprint (16 bytes) and checks: 4 bytes for the type, then 4 a field."""
    kind = type(body).__name__
    parts = [f"{getattr(body, field)}" for field in FIELDS[kind]]
    checks = b"".join([crc32(part.encode()).to_bytes(4, "big") for part in (kind, *parts)])
    content = "\0".join([kind, *(f"{len(part)}:{part}" for part in parts)])
    return sha256(content.encode()).digest()[:FINGERPRINT_BYTES], checks
