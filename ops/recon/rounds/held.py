"""Held: the tables of an owner as they are now, and the log up to where they have come.

Owns: finding the owners of this machine, also while they go on, and refusing the state of another
log.
Never: compares a row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, final

from ops.advance import spans_of, told
from ops.checker.state import open_beside, owners_in
from ops.errors import DocumentError
from ops.reading import Record, TopicReader
from schemas.access.kafka import Servers
from sinks.source import KafkaSource
from streams.runtime.applied import read_applied
from streams.runtime.overlay import APPLIED_KEY
from streams.runtime.ports import Store
from streams.runtime.store import RocksStore
from topics.catalog import EVENTS

HOUR_US: Final = 3_600_000_000


@final
@dataclass(frozen=True, slots=True)
class Held:
    """An owner's tables; they have followed the log up to `next_offset`."""

    partition: int
    store: Store
    next_offset: int


@final
class Owners:
    """The states on this machine, and the log that they are folds of."""

    def __init__(self, reader: TopicReader, log_topic_id: str, state_dir: Path) -> None:
        """Look for them; those of a worker that runs are read beside it."""
        self.partitions: Final = reader.partitions
        self._reader: Final = reader
        self._log_topic_id: Final = log_topic_id
        with TemporaryDirectory(prefix="ledger-beside-") as scratch:
            self._folders: Final = owners_in(state_dir, _beside(Path(scratch)))
        if not self._folders:
            raise DocumentError(
                f"nobody's state is in {state_dir}: is LEDGER_STATE_DIR the folder of the workers?"
            )

    def chosen(self, asked: Collection[int]) -> tuple[int, ...]:
        """Return the partitions to look at. Raises `DocumentError` for one that is not here."""
        for number in asked:
            if number not in self._folders:
                raise DocumentError(f"--partition: nobody's state of {number} is here")
        return tuple(sorted(set(asked) or self._folders.keys()))

    def elsewhere(self) -> list[int]:
        """Return the partitions of the log whose state is on other machines."""
        return [each for each in range(self.partitions) if each not in self._folders]

    @contextmanager
    def held(self, partition: int) -> Iterator[Held]:
        """Give the tables of a partition. Raises `DocumentError` when they are of another log."""
        with (
            TemporaryDirectory(prefix="ledger-beside-") as scratch,
            closing(open_beside(self._folders[partition], Path(scratch))) as store,
        ):
            applied = store.get(APPLIED_KEY)
            topic_id, next_offset, _ = ("", 0, {}) if applied is None else read_applied(applied)
            if applied is not None and topic_id != self._log_topic_id:
                raise DocumentError(
                    f"{self._folders[partition]} is the state of another log, {topic_id}"
                )
            yield Held(partition, store, next_offset)

    def log(self, partition: int) -> Iterator[Record]:
        """Yield the log of a partition from its beginning, and tell how far it is."""
        spans = spans_of(self._reader, (partition,))
        yield from told(self._reader.read([partition]), spans, f"partition {partition}")


def _beside(scratch: Path) -> Callable[[Path], RocksStore]:
    numbers = count()
    return lambda folder: open_beside(folder, scratch / str(next(numbers)))


@contextmanager
def owners(address: Servers, state_dir: Path) -> Iterator[Owners]:
    """Give the states on this machine."""
    source = KafkaSource(address, EVENTS.name)
    try:
        _, log_topic_id = source.describe()
    finally:
        source.close()
    with closing(TopicReader(address, EVENTS.name)) as reader:
        yield Owners(reader, log_topic_id, state_dir)


def of_this_hour(partitions: Sequence[int], now_us: int) -> tuple[int, ...]:
    """Return one of them: the next one every hour."""
    return (partitions[now_us // HOUR_US % len(partitions)],)
