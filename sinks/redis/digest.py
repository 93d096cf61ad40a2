"""Digest of the balances: what Redis really holds, boiled down per partition.

Owns: reading every hash back as canonical balances, by a scan of the keys.
Never: repairs anything.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import redis

from sinks.digests import BALANCES, Digest, DigestSum
from sinks.redis.client import connect, store_errors
from sinks.redis.rows import PREFIX, balances_in

KEYS_PER_SCAN: Final = 1_000


def digests(url: str, prefix: str = PREFIX) -> dict[int, dict[str, Digest]]:
    """Return the digest of every partition, from one scan of a store at rest."""
    sums: dict[int, DigestSum] = defaultdict(DigestSum)
    with store_errors(), connect(url) as client:
        keys: set[str] = set()  # a scan may name a key twice
        for kind in ("wallet", "system"):
            keys.update(client.scan_iter(f"{prefix}:{kind}:*", count=KEYS_PER_SCAN))
        ordered = sorted(keys)
        for start in range(0, len(ordered), KEYS_PER_SCAN):
            _add(client, ordered[start : start + KEYS_PER_SCAN], sums)
    return {partition: {BALANCES: total.result()} for partition, total in sums.items()}


def digest(url: str, partition: int, prefix: str = PREFIX) -> dict[str, Digest]:
    """Return the digest of one partition; use `digests` for several."""
    return digests(url, prefix).get(partition, {BALANCES: Digest()})


def _add(client: redis.Redis, keys: list[str], sums: dict[int, DigestSum]) -> None:
    with client.pipeline(transaction=False) as pipe:
        for key in keys:
            pipe.hgetall(key)
        for key, fields in zip(keys, pipe.execute(), strict=True):
            for fact in balances_in(key, fields):
                sums[fact[0]].add((fact,))
