"""Signing: the three headers by which a receiver knows who sent a webhook, when, and which one.

Owns: how headers are made of secrets, by the library of the standard.
Never: keeps a secret.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from standardwebhooks import Webhook

from sinks.webhooks.instants import instant

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32  # the standard asks for 24 to 64
MICROS: Final = 1_000_000


def secret_of(random: bytes) -> str:
    """Return a secret in the form of the standard."""
    assert len(random) == SECRET_BYTES, "a short secret is guessed"
    return PREFIX + b64encode(random).decode()


def headers_of(message_id: str, body: str, at_us: int, secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers: a signature by each valid secret, so that a rotation loses nothing."""
    assert secrets, "what nobody signed nobody should believe"
    at = instant(at_us)
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_us // MICROS),
        "webhook-signature": " ".join(signatures),
    }
