"""Feed: one topic of facts read into its table, from where the table's newest snapshot stands.

Owns: the polling loop, how much is gathered before a commit, what to do when somebody else wrote.
Never: keeps a position of its own, and never goes over a gap unless it was told to.

Theory. A commit is a snapshot and a file for each day it touches, so it waits for rows, bytes or
age, whichever is first. What was gathered lies in memory as bytes and is dropped whenever the table
turns out to stand elsewhere: the table says where to read it again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, final

import pyarrow as pa
from confluent_kafka import OFFSET_BEGINNING

from sinks.backoff import wait_s
from sinks.errors import BrokerAway, RecordsGone, StoreAway, StoreMoved
from sinks.lake.columns import Kept, taken
from sinks.lake.table import Standing
from sinks.source import Source

POLL_S: Final = 0.2
log = logging.getLogger("lake")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is gathered for a commit; a poll may go over it once, by 4,000 records at most."""

    rows: int = 100_000
    bytes: int = 32 * 1024 * 1024
    age_s: float = 60.0


class Keeping(Protocol):
    """What a feed needs of a table; `LakeTable` is one."""

    @property
    def arrow(self) -> pa.Schema:
        """Return the schema that rows have to have."""
        ...

    def standing(self, topic_id: str) -> Standing:
        """Say where the table stands."""
        ...

    def append(self, topic_id: str, rows: pa.Table, after: Standing) -> None:
        """Add rows and say where they end."""
        ...


@final
class Feed:
    """The reader of one topic; from one thread."""

    def __init__(  # noqa: PLR0913 - what a feed joins; made in one place
        self,
        kept: Kept,
        source: Source,
        table: Keeping,
        stop: threading.Event,
        monotonic: Callable[[], float],
        limits: Limits,
        *,
        over_gaps: bool = False,
    ) -> None:
        self.name: Final = kept.name
        self.rows = 0
        self.commits = 0
        self.repeats = 0
        self.retries = 0
        self.turns = 0
        self.lag: int | None = None  # offsets not committed, once the client has heard of the ends
        self._kept: Final = kept
        self._source: Final = source
        self._table: Final = table
        self._stop: Final = stop
        self._monotonic: Final = monotonic
        self._limits: Final = limits
        self._over_gaps: Final = over_gaps
        self._topic_id = ""
        self._standing = Standing()
        self._partitions = range(0)
        self._gone: set[int] = set()  # partitions whose position retention has deleted
        self._forget()

    def run(self) -> None:
        """Read until told to stop, commit what is left; trouble of a server is waited out."""
        attempt = 0
        try:
            while not self._stop.is_set():
                try:
                    self.begin()
                    while not self._stop.is_set():
                        self.turn()
                        attempt = 0
                    self.commit()
                except (BrokerAway, StoreAway, StoreMoved) as away:
                    attempt, self.retries = attempt + 1, self.retries + 1
                    log.warning("%s: attempt %d: %s", self.name, attempt, away)
                    self._stop.wait(wait_s(attempt, self.name))
        finally:
            self._source.close()

    def begin(self) -> None:
        """Read on from where the table stands."""
        self._forget()
        partitions, self._topic_id = self._source.describe()
        self._standing = self._table.standing(self._topic_id)
        self._partitions = range(partitions)
        kept = {
            number: offset
            for number, offset in self._standing.offsets.items()
            if number not in self._gone
        }
        self._source.assign(
            {number: kept.get(number, OFFSET_BEGINNING) for number in self._partitions}
        )
        self._ends = dict(self._standing.offsets)

    def turn(self) -> None:
        """Gather what arrived; commit when it is enough, or old enough."""
        records, lost = self._source.poll(POLL_S)
        if complaint := self._source.complaint():
            log.info("%s: %s", self.name, complaint)
        if records and not self._gathered:
            self._since = self._monotonic()
        for number, some in records.items():
            self._gathered += [(number, value) for _, value, _ in some]
            self._bytes += sum(len(value) for _, value, _ in some)
            self._ends[number] = some[-1][0] + 1
        if lost:
            self._lose(lost)
        if self._due():
            self.commit()
        self.lag = self._behind()
        self.turns += 1

    def commit(self) -> None:
        """Write what was gathered as one snapshot."""
        if not self._gathered:
            return
        found = taken(self._kept, self._gathered, dict(self._standing.places), self._table.arrow)
        after = Standing(dict(self._ends), found.places)
        self._table.append(self._topic_id, found.rows, after)
        self._gone.clear()
        self._standing = after
        self.commits += 1
        self.rows += found.rows.num_rows
        if found.repeats:
            self.repeats += found.repeats
            log.error("%s: %d facts that were there already", self.name, found.repeats)
        self._forget()

    def _lose(self, lost: dict[int, str]) -> None:
        said = ", ".join(f"{number}: {why}" for number, why in sorted(lost.items()))
        if not self._over_gaps:
            raise RecordsGone(
                f"{self._kept.topic.name} no longer has what {self.name} has not read ({said}). "
                "--over-gaps reads on behind it; the table then misses those facts"
            )
        log.critical("%s: facts are missing from now on: %s", self.name, said)
        self._gone.update(lost)
        raise BrokerAway(f"{self.name}: positions that are no longer there")

    def _due(self) -> bool:
        limits = self._limits
        return bool(self._gathered) and (
            len(self._gathered) >= limits.rows
            or self._bytes >= limits.bytes
            or self._monotonic() - self._since >= limits.age_s
        )

    def _behind(self) -> int | None:
        held = self._standing.offsets
        ends = {number: self._source.end(number) for number in self._partitions}
        if any(end < 0 for end in ends.values()):
            return None
        return sum(max(0, end - held.get(number, 0)) for number, end in ends.items())

    def _forget(self) -> None:
        """Drop what was gathered."""
        self._gathered: list[tuple[int, bytes]] = []
        self._bytes = 0
        self._since = 0.0
        self._ends: dict[int, int] = dict(self._standing.offsets)
