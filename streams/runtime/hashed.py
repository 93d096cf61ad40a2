"""Hashed: a JSON document that says its own hash, so that a torn or edited one is found out.

Owns: that form.
Never: says what is in it, or what a wrong hash means.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

NAME: Final = "sha256"


def to_bytes(body: Mapping[str, object]) -> bytes:
    """Return the document of a body, with its hash."""
    return json.dumps({**body, NAME: _hash(body)}, indent=1).encode()


def from_bytes(data: bytes) -> tuple[dict[str, Any], bool]:
    """Return the body, and whether its hash is the one that it says.

    Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for what is no such document.
    """
    body = json.loads(data)
    claimed = body.pop(NAME)
    return body, claimed == _hash(body)


def _hash(body: Mapping[str, object]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
