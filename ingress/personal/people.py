"""Sealing and opening personal data by the name of the person, and erasing it.

Owns: when a key is made, and that an erased person gets none.
Never: keeps an unwrapped key longer than one call.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, final

from ingress.personal.envelope import Envelope, seal, unseal
from ingress.personal.errors import ErasedError, KeyMissingError
from ingress.personal.keys import ERASED, KEY_BYTES, KeyStore, KeyWrap


@final
class PersonalData:
    """Safe to use from several threads and processes, as far as its store of keys is."""

    def __init__(self, keys: KeyStore, wrap: KeyWrap) -> None:
        self._keys: Final = keys
        self._wrap: Final = wrap

    def seal(self, subject: str, event_id: str, fields: Mapping[str, str]) -> Envelope:
        """Encrypt what an event says of a person, under the person's key; the first makes it.

        Raises `ErasedError`, and `ValueError` naming `subject` or `event_id` that is empty or has a
        line break.
        """
        _check("subject", subject)
        _check("event_id", event_id)
        wrapped = self._keys.get(subject)
        if wrapped is None:
            new = self._wrap.wrap(subject, os.urandom(KEY_BYTES))
            wrapped = self._keys.add(subject, new)
        return seal(self._key(subject, wrapped), subject, event_id, fields)

    def open(self, envelope: Envelope) -> dict[str, str]:
        """Decrypt. Raises `ErasedError`, `KeyMissingError`, `EnvelopeDamagedError`."""
        key = self._key(envelope.subject, self._keys.get(envelope.subject))
        return unseal(key, envelope)

    def erase(self, subject: str) -> None:
        """Take the person's key away for good; every envelope of theirs is noise from now on.

        Backups of the store of keys still have it: their expiry ends the erasure.
        """
        _check("subject", subject)
        self._keys.replace(subject, ERASED)

    def rewrap(self, wrap: KeyWrap) -> int:
        """Wrap every key by another master key; return how many. Envelopes stay as they are.

        Nobody may erase meanwhile: a key could come back. Afterwards use `wrap`.
        """
        count = 0
        for subject in self._keys.subjects():
            wrapped = self._keys.get(subject)
            self._keys.replace(subject, wrap.wrap(subject, self._key(subject, wrapped)))
            count += 1
        return count

    def _key(self, subject: str, wrapped: bytes | None) -> bytes:
        if wrapped is None:
            raise KeyMissingError(subject)
        if wrapped == ERASED:
            raise ErasedError(subject)
        return self._wrap.unwrap(subject, wrapped)


def _check(name: str, value: str) -> None:
    if not value or "\n" in value:
        message = f"{name}: {value!r:.40} is not one line of text"
        raise ValueError(message)
