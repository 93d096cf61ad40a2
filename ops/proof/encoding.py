"""Bytes as text, the one way in which everything here writes them."""

from __future__ import annotations

import base64


def b64(data: bytes) -> str:
    """Write bytes in base64."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Read them back. Raises `binascii.Error` for anything else."""
    return base64.b64decode(text, validate=True)
