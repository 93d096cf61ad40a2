"""Per partition: the same value for each of them, as activations, rules and cuts are sent.

Owns: the form of such records.
Never: sends them.
"""

from __future__ import annotations

Record = tuple[bytes, bytes, int]  # key, value, partition


def to_every_partition(value: bytes, partitions: int) -> list[Record]:
    """Return the same value for each partition, keyed by its number."""
    return [(str(number).encode(), value, number) for number in range(partitions)]
