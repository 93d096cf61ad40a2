"""Snapshots of a simulated cluster: a shared place that outlives every machine.

Owns: which snapshots of a partition lie there, damaged ones too; one owner's way to them.
Never: lets rows out of a damaged one: the shipped place compares every file with its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from ops.simulate.disk import Rows, VirtualDisk
from ops.simulate.gate import Gate
from streams.runtime.snapshot_place import KEPT

WORTH: Final = 15  # log records
COPY_S: Final = 0.15  # until a copy is whole


class PlaceAwayError(Exception):
    """The shared place does not answer."""


@dataclass(slots=True)
class Copy:
    """One snapshot: the rows as they were at a log offset."""

    log_offset: int
    rows: Rows
    damaged: bool = False


@final
class VirtualPlace:
    """The snapshots of one partition's log."""

    def __init__(self) -> None:
        self.taken_over = 0
        self.refused = 0
        self._copies: list[Copy] = []  # newest first

    def newest(self) -> int:
        """Return the log offset of the newest one, damaged or not; 0 when there is none."""
        return self._copies[0].log_offset if self._copies else 0

    def worth_it(self, applied: int) -> Rows | None:
        """Return the rows of the newest good one that saves a long fold."""
        for copy in self._copies:
            if copy.log_offset - applied < WORTH:
                break
            if not copy.damaged:
                return copy.rows
            self.refused += 1
        return None

    def put(self, copy: Copy) -> None:
        """Keep it, and the newest of the others."""
        others = [each for each in self._copies if each.log_offset != copy.log_offset]
        newest_first = sorted([copy, *others], key=lambda each: -each.log_offset)
        self._copies = newest_first[:KEPT]

    @property
    def damageable(self) -> bool:
        """Say whether the newest one is there and whole."""
        return bool(self._copies) and not self._copies[0].damaged

    def damage(self) -> None:
        """Let the newest one lose a row; its manifest does not fit it any more."""
        newest = self._copies[0]
        newest.damaged = True
        del newest.rows[max(newest.rows)]


@final
class VirtualSnapshots:
    """One owner's way to a place; satisfies `Snapshots`."""

    def __init__(self, place: VirtualPlace, disk: VirtualDisk, gate: Gate) -> None:
        self._place: Final = place
        self._disk: Final = disk
        self._gate: Final = gate
        self._taken = 0
        self._incoming: Rows = {}

    def fetch(self, log_topic_id: str, applied: int) -> bool:
        """Lay the rows of a good one ready; a place that is away is none."""
        del log_topic_id  # topics are never made anew here
        place = self._place
        try:
            rows, newest = self._gate.io(
                "snapshot.fetch", lambda: (place.worth_it(applied), place.newest()), PlaceAwayError
            )
        except PlaceAwayError:
            return False
        self._taken = max(applied, newest)
        self._incoming = dict(rows or {})
        return rows is not None

    def swap(self) -> None:
        """Replace the closed store's files: dying in between leaves none."""
        self._gate.io("snapshot.aside", lambda: self._disk.replace({}))
        self._gate.io("snapshot.swap", lambda: self._disk.replace(self._incoming))
        self._place.taken_over += 1

    def passed(
        self, log_topic_id: str, log_offset: int, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """Take one now and then; a copy takes a while, and a process that died finishes none."""
        del log_topic_id, headers
        if log_offset - self._taken < WORTH:
            return
        self._taken = log_offset
        rows = self._gate.io("snapshot.take", lambda: dict(self._disk.rows))
        copy, process = Copy(log_offset, rows), self._gate.process
        self._gate.driver.later(COPY_S, lambda: None if process.dead else self._place.put(copy))
