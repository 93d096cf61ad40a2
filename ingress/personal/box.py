"""A box: AES-256-GCM under one key, each text bound to the place it belongs to.

Owns: the nonce, drawn at random, which serves 2^32 texts of one key, and its place before the
ciphertext.
Never: knows what is in it.
"""

from __future__ import annotations

import os
from typing import Final, final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingress.personal.errors import EnvelopeDamagedError

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
LEAST_BYTES: Final = NONCE_BYTES + TAG_BYTES


@final
class Box:
    """Shuts and opens under a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher: Final = AESGCM(key)

    def shut(self, clear: bytes, bound_to: bytes) -> bytes:
        """Return nonce and ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, bound_to)

    def open(self, shut: bytes, bound_to: bytes, damaged: EnvelopeDamagedError) -> bytes:
        """Return what was shut in. Raises `damaged` when it is not that, or not here."""
        nonce, ciphertext = shut[:NONCE_BYTES], shut[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, bound_to)
        except (InvalidTag, ValueError) as error:
            raise damaged from error
