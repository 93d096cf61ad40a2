"""Signed notes: a text and who signed it, as https://c2sp.org/signed-note has them.

Owns: keys, signing, opening. Ed25519 by `cryptography`.
Never: knows what a note says.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ops.proof.encoding import b64, unb64

ED25519: Final = b"\x01"
SECRET: Final = "PRIVATE+KEY"  # noqa: S105 - the word such keys begin with
DASH: Final = "\N{EM DASH} "
ID_BYTES: Final = 4
KEY_BYTES: Final = 32


class NoteError(ValueError):
    """A key or a note cannot be read, or nobody who is trusted has signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Somebody's name and public key."""

    name: str
    key: bytes

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read `name+id+key`. Raises `NoteError`."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:  # noqa: PLR2004 - the parts of the line above
            raise NoteError(f"{text[:40]!r} is no public key such as name+12ab34cd+AQ…")
        verifier = cls(parts[0], _key(parts[2], text))
        if verifier.id().hex() != parts[1]:
            raise NoteError(f"the key of {parts[0]} is not the one that its id {parts[1]} names")
        return verifier

    def text(self) -> str:
        """Return the public key as text."""
        return f"{self.name}+{self.id().hex()}+{b64(ED25519 + self.key)}"

    def id(self) -> bytes:
        """Return the four bytes that a signature names its key by."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:ID_BYTES]


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody's name and private key."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Signer:
        """Make a new key. Raises `NoteError` for a name that a note cannot hold."""
        if not name or "+" in name or any(letter.isspace() for letter in name):
            raise NoteError(f"a signer's name has no blank and no plus: {name!r}")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Read `PRIVATE+KEY+name+id+key`. Raises `NoteError`, which never shows the key."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or "+".join(parts[:2]) != SECRET:  # noqa: PLR2004 - as above
            raise NoteError(f"this is no private key: it does not begin with {SECRET}+name+id+")
        return cls(parts[2], _key(parts[4], parts[2]))

    def text(self) -> str:
        """Return the private key as text; it is nobody else's business."""
        return f"{SECRET}+{self.name}+{self.verifier().id().hex()}+{b64(ED25519 + self.seed)}"

    def verifier(self) -> Verifier:
        """Return the public half."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return Verifier(self.name, key.public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the note: the text, an empty line, the signature."""
        if not text.endswith("\n"):
            raise NoteError("the text of a note ends with a line's end")
        made = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{DASH}{self.name} {b64(self.verifier().id() + made)}\n"


def open_note(note: str, trusted: Iterable[Verifier]) -> str:
    """Return the text of a note that somebody trusted has signed. Raises `NoteError`."""
    text, found, signatures = note.rpartition("\n\n")
    if not found:
        raise NoteError("this is no signed note: no empty line before its signatures")
    text += "\n"
    known = {(each.name, each.id()): each for each in trusted}
    good = False
    for line in signatures.splitlines():
        name, made = _signature(line)
        verifier = known.get((name, made[:ID_BYTES]))
        if verifier is None:
            continue  # somebody else's; a note may have many
        try:
            Ed25519PublicKey.from_public_bytes(verifier.key).verify(made[ID_BYTES:], text.encode())
        except InvalidSignature as error:
            raise NoteError(f"the signature of {name} is not of this text") from error
        good = True
    if not good:
        raise NoteError("nobody who is trusted has signed this note")
    return text


def _signature(line: str) -> tuple[str, bytes]:
    name, _, data = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not name:
        raise NoteError(f"{line[:40]!r} is no line of a signature")
    return name, _read(data, line)


def _key(data: str, whose: str) -> bytes:
    key = _read(data, whose)
    if key[:1] != ED25519 or len(key) != 1 + KEY_BYTES:
        raise NoteError(f"the key of {whose[:40]} is no Ed25519 key")
    return key[1:]


def _read(data: str, where: str) -> bytes:
    try:
        return unb64(data)
    except binascii.Error as error:
        raise NoteError(f"{where[:40]!r}: not base64") from error
