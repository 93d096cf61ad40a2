"""Partitioning: which partition a wallet lives on, the same in every producer and every language.

Owns: murmur2 exactly as Kafka's Java client computes it; partition = (hash & 0x7fffffff) mod N.
Never: asks a broker. N is given once, when the ledger's topics are created, and is for its life.

librdkafka's own default (crc32) would put the same key elsewhere; set `partitioner=murmur2_random`
in foreign producers, and pass the partition explicitly in ours.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

SEED: Final = 0x9747B28C
MULTIPLIER: Final = 0x5BD1E995
SHIFT: Final = 24
MASK: Final = 0xFFFFFFFF
POSITIVE: Final = 0x7FFFFFFF
SIGN: Final = 0x80000000
# About 40 MB at most; a worker of four partitions sees a few hundred thousand wallets.
CACHED_WALLETS: Final = 262_144


def murmur2(data: bytes) -> int:
    """Return the 32-bit murmur2 hash of the bytes as a signed number, as the Java client does."""
    length = len(data)
    whole = length & ~3
    state = SEED ^ length
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * MULTIPLIER & MASK
        word = (word ^ word >> SHIFT) * MULTIPLIER & MASK
        state = state * MULTIPLIER & MASK ^ word
    if length > whole:
        tail = int.from_bytes(data[whole:], "little")
        state = (state ^ tail) * MULTIPLIER & MASK
    state = (state ^ state >> 13) * MULTIPLIER & MASK
    state ^= state >> 15
    return state - (1 << 32) if state & SIGN else state


def partition_of_key(key: bytes, partitions: int) -> int:
    """Return the partition of a record key among `partitions`."""
    if partitions < 1:
        raise ValueError(f"partitions: a ledger has at least 1, not {partitions}")
    return (murmur2(key) & POSITIVE) % partitions


@lru_cache(maxsize=CACHED_WALLETS)
def partition_of(wallet_id: str, partitions: int) -> int:
    """Return the partition of a wallet among `partitions`; remembered, since wallets come again."""
    return partition_of_key(wallet_id.encode(), partitions)
