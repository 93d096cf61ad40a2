"""An envelope: the fields of one event, each encrypted under the key of the person it is about.

Owns: the bytes of an envelope, and what binds a field to its place: AES-256-GCM whose associated
data is version, subject, event and field name, so that no field can be moved to another envelope.
Never: keeps a key, or the clear text.

The bytes are JSON with sorted names and no spaces: the same envelope is the same bytes.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final, final

from ingress.personal.box import LEAST_BYTES, Box
from ingress.personal.errors import EnvelopeDamagedError

VERSION: Final = 1
NAMES: Final = {"event", "fields", "subject", "version"}


@final
@dataclass(frozen=True, slots=True)
class Envelope:
    """Ciphertext of some fields. `sealed` maps a field's name to nonce and ciphertext."""

    subject: str
    event_id: str
    sealed: Mapping[str, bytes]

    def to_bytes(self) -> bytes:
        """Return what is stored or sent."""
        fields = {name: b64encode(each).decode() for name, each in self.sealed.items()}
        document = {
            "version": VERSION,
            "subject": self.subject,
            "event": self.event_id,
            "fields": fields,
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()

    def digest(self) -> bytes:
        """Return the SHA-256 of the bytes: 32 bytes to commit to, which tell nothing."""
        return sha256(self.to_bytes()).digest()

    @classmethod
    def from_bytes(cls, said: bytes) -> Envelope:
        """Read what `to_bytes` wrote. Raises `EnvelopeDamagedError` naming what is wrong."""
        try:
            document = json.loads(said)
        except ValueError as error:
            raise EnvelopeDamagedError("envelope", "is not JSON") from error
        if not isinstance(document, dict) or document.keys() != NAMES:
            raise EnvelopeDamagedError("envelope", f"has not exactly {', '.join(sorted(NAMES))}")
        subject, event_id, fields = document["subject"], document["event"], document["fields"]
        if document["version"] != VERSION:
            raise EnvelopeDamagedError("version", f"{document['version']!r:.20} is not {VERSION}")
        for name, value in (("subject", subject), ("event", event_id)):
            if not isinstance(value, str) or not value:
                raise EnvelopeDamagedError(name, "is not a text")
        if not isinstance(fields, dict):
            raise EnvelopeDamagedError("fields", "are not an object")
        sealed = {name: _bytes_of(name, value) for name, value in fields.items()}
        return cls(subject, event_id, MappingProxyType(sealed))


def seal(key: bytes, subject: str, event_id: str, fields: Mapping[str, str]) -> Envelope:
    """Encrypt fields under a key of 32 bytes."""
    box = Box(key)
    sealed = {
        name: box.shut(text.encode(), _place(subject, event_id, name))
        for name, text in fields.items()
    }
    return Envelope(subject, event_id, MappingProxyType(sealed))


def unseal(key: bytes, envelope: Envelope) -> dict[str, str]:
    """Decrypt all fields. Raises `EnvelopeDamagedError` naming event and field."""
    box, fields = Box(key), dict[str, str]()
    for name, sealed in envelope.sealed.items():
        why = "was altered, moved, or is another key's"
        damaged = EnvelopeDamagedError(f"{name} of {envelope.event_id}", why)
        place = _place(envelope.subject, envelope.event_id, name)
        fields[name] = box.open(sealed, place, damaged).decode()
    return fields


def _place(subject: str, event_id: str, field: str) -> bytes:
    """Return what a ciphertext is bound to; JSON, since no text of one part reads as two."""
    return json.dumps([VERSION, subject, event_id, field], separators=(",", ":")).encode()


def _bytes_of(name: str, value: object) -> bytes:
    try:
        said = b64decode(value, validate=True) if isinstance(value, str) else b""
    except (NotBase64, ValueError) as error:
        raise EnvelopeDamagedError(f"field {name!r:.40}", "is not base64") from error
    if len(said) < LEAST_BYTES:
        raise EnvelopeDamagedError(f"field {name!r:.40}", "is too short")
    return said
