"""Backoff: how long to wait before trying a store or a broker again.

Owns: growth, ceiling and jitter. Never: sleeps, or gives up.
"""

from __future__ import annotations

from typing import Final
from zlib import crc32

FIRST_S: Final = 0.1
CEILING_S: Final = 2.0  # what a store that is back waits for us at most
DOUBLINGS_MAX: Final = 5


def wait_s(attempt: int, seed: str) -> float:
    """Return the pause before attempt number `attempt` (from 1), spread by the seed.

    The jitter comes from a checksum, so that partitions and processes do not come back in step and
    the same run waits the same.
    """
    full = min(CEILING_S, FIRST_S * (1 << min(attempt - 1, DOUBLINGS_MAX)))
    share = crc32(f"{seed}/{attempt}".encode()) / 0xFFFF_FFFF
    return full * (0.5 + 0.5 * share)
