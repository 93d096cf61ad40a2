"""Rounds: which bucket is read next, so that tails are fresh and older ones come round.

Owns: the two paces: a tail that moved is read soon, older buckets one by one, so many rows a
second.
Never: reads a store or a clock; time is given, in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

TAIL_EVERY_S: Final = 1.0
ROWS_PER_S: Final = 20_000  # about a tenth of a core, and a twentieth of what the server can read
ROWS_MIN: Final = 1_000  # what a bucket costs at least, however few rows it has


@final
class Rounds:
    """The order in which the buckets of some partitions are read."""

    def __init__(
        self,
        partitions: Sequence[int],
        tail_every_s: float = TAIL_EVERY_S,
        rows_per_s: float = ROWS_PER_S,
    ) -> None:
        self._partitions: Final = tuple(partitions)
        self._tail_every_s: Final = tail_every_s
        self._rows_per_s: Final = rows_per_s
        self._tails: dict[int, int] = {}  # partition -> sequence at which its tail was read
        self._tails_at = 0.0
        self._next = 0  # which partition the sweep is at
        self._buckets: dict[int, int] = {}  # partition -> bucket the sweep reads next
        self._sweep_at = 0.0
        self._reading: tuple[int, int] | None = None  # partition and bucket of the sweep
        self._ended: dict[int, float] = {}  # partition -> when its latest round ended

    def tails(self, now: float) -> tuple[int, ...]:
        """Return the partitions whose tails may be read now; all of them, or none."""
        if now < self._tails_at:
            return ()
        self._tails_at = now + self._tail_every_s
        for partition in self._partitions:
            self._ended.setdefault(partition, now)
        return self._partitions

    def moved(self, partition: int, sequence: int) -> bool:
        """Say whether a tail has to be read: the store took something since it was."""
        return self._tails.get(partition) != sequence

    def read(self, partition: int, sequence: int) -> None:
        """Note that a tail was read."""
        self._tails[partition] = sequence

    def sweep(self, now: float) -> int | None:
        """Return the partition of which a bucket is to be read now."""
        if now < self._sweep_at or not self._partitions:
            return None
        self._next = (self._next + 1) % len(self._partitions)
        return self._partitions[self._next]

    def bucket(self, partition: int, newest: int) -> int:
        """Return the next bucket of a partition, from its newest down to 0, and round again."""
        bucket = self._buckets.get(partition, -1)
        if not 0 <= bucket <= newest:
            bucket = newest
        self._reading = (partition, bucket)
        return bucket

    def swept(self, now: float, rows: int) -> None:
        """Note how many rows a bucket had, which is how long the next one has to wait."""
        self._sweep_at = now + max(ROWS_MIN, rows) / self._rows_per_s
        partition = self._partitions[self._next]
        if self._reading is not None:
            self._buckets[self._reading[0]] = self._reading[1] - 1
            self._reading = None
        if self._buckets.get(partition, -1) < 0:
            self._ended[partition] = now

    def age(self, now: float) -> float:
        """Return the seconds since all buckets of the partition waiting longest were read."""
        ended = list(self._ended.values())
        return now - min(ended) if ended else 0.0
