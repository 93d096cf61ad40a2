"""Poison: records nobody can read or may take, one way after the other.

Owns: the kinds of bad bytes that the demo and the tests of bad input send.
Never: sends them.
"""

from __future__ import annotations

from random import Random
from typing import Final

OVERSIZE_BYTES: Final = 70_000  # over the writer's 64 KiB, under the topic's 1 MiB
UNKNOWN_SCHEMA: Final = b"\x00\x7f\xff\xff\xff"


def poisoned(rng: Random, key: bytes, value: bytes, turn: int) -> tuple[bytes | None, bytes | None]:
    """Return key and value of a bad record, made from a good one; `turn` picks the kind."""
    kinds: tuple[tuple[bytes | None, bytes | None], ...] = (
        (key, rng.randbytes(40)),  # no frame
        (key, UNKNOWN_SCHEMA + value[5:]),  # schema id nobody knows
        (key, value[: len(value) // 2]),  # cut off
        (key, value + b"\x00"),  # one byte too many
        (key, b""),
        (key, None),  # no value at all
        (None, value),  # no key: it belongs nowhere
        (b"", value),  # empty key
        (key, value[:5] + bytes(OVERSIZE_BYTES)),  # too large
    )
    return kinds[turn % len(kinds)]
