"""Create: what is new in the log, added to an archive.

Owns: the order of reading, mending what a killed run or a bad disk left, the manifest at each step.
Never: changes a topic.

The manifest is written after each topic and every so many records: a run that is killed loses what
was read since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, final

from ledger.sealing import CHAIN_HEADER
from ops.backup.archived import ARCHIVED
from ops.backup.errors import AnotherLogError
from ops.backup.manifest import Head, Manifest, Place, Span
from ops.backup.segment import Entry
from ops.backup.source import Source
from schemas.access.kafka import Servers
from schemas.codec import decode_partly
from schemas.lock import read_lock
from schemas.messages.decisions import Decision
from topics.catalog import CHECKPOINTS, EVENTS
from topics.plan import Cluster, desired_config

if TYPE_CHECKING:
    from ops.backup.place import Archive

SEGMENT_BYTES: Final = 16 << 20  # of values, before they are compressed
SEGMENT_RECORDS: Final = 100_000
KEEP_EVERY: Final = 200_000  # records

Tell = Callable[[str], None]


@dataclass(slots=True)
class Added:
    """What a run did. `lost` are offsets that retention took before they were archived."""

    records: dict[str, int] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    newest_ms: int = 0

    @property
    def total(self) -> int:
        """Records that were added."""
        return sum(self.records.values())


def begun(found: Manifest | None, cluster: Cluster) -> Manifest:
    """Return the manifest to go on from. Raises `AnotherLogError`."""
    topics = {topic.name: cluster.topics.get(topic.name) for topic in ARCHIVED}
    if missing := [name for name, described in topics.items() if described is None]:
        raise AnotherLogError(f"{missing[0]} does not exist: this is no ledger to be archived")
    known = {name: each for name, each in topics.items() if each is not None}
    manifest = found or Manifest(partitions=known[EVENTS.name].partitions)
    for name, topic_id in manifest.topic_ids.items():
        if name in known and known[name].topic_id != topic_id:
            raise AnotherLogError(
                f"{name} was made anew since the archive was begun: give it a folder of its own"
            )
    return replace(
        manifest,
        topic_ids={name: each.topic_id for name, each in known.items()},
        configs={topic.name: _settings(topic.name, known[topic.name].config) for topic in ARCHIVED},
        schemas={
            subject: [each.schema_id for each in versions]
            for subject, versions in read_lock().items()
        },
    )


def _settings(name: str, config: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that the catalogue speaks of; the others are the broker's own."""
    topic = next(each for each in ARCHIVED if each.name == name)
    return {key: config[key] for key in desired_config(topic, 1) if key in config}


@final
class Creation:
    """One run of `create`."""

    def __init__(self, archive: Archive, source: Source, manifest: Manifest, tell: Tell) -> None:
        self.added: Final = Added()
        self.manifest = manifest
        self._archive: Final = archive
        self._source: Final = source
        self._tell: Final = tell
        self._kept = 0  # records that the written manifest has

    def run(self, now_us: Callable[[], int]) -> Manifest:
        """Archive every topic in its order; the last manifest says that it is whole."""
        for stray in self._archive.strays(self.manifest):
            self.added.mended.append(f"{stray}: left by a run that was ended; not used")
        for topic in ARCHIVED:
            for number in range(self.manifest.partitions):
                self._partition(topic.name, number)
            self._keep()
            self._tell(f"{topic.name}: {self.added.records.get(topic.name, 0):,} records added")
        self.manifest = replace(self.manifest, whole=True, created_us=now_us())
        self._archive.keep(self.manifest)
        return self.manifest

    def _partition(self, topic: str, number: int) -> None:
        place = topic, number
        first = self._source.first(topic, number)
        span = self._mended(self.manifest.span(topic, number) or Span(first))
        if first > span.next:
            # A gap that only the inputs can have: what was decided is in the log.
            self.added.lost.append(f"{topic}[{number}]: offsets {span.next} to {first - 1}")
        end = self._source.end(topic, number)
        if end < span.next:
            raise AnotherLogError(
                f"{topic}[{number}] ends at {end}, and {span.next} offsets are archived"
            )
        self._append(place, span, end)

    def _mended(self, span: Span) -> Span:
        """Return the span without the files from the first bad one on: they are read again."""
        for at, segment in enumerate(span.segments):
            if not self._archive.holds(segment):
                self.added.mended.append(f"{segment.name}: missing or cut off; written again")
                return Span(span.first, span.segments[:at])
        return span

    def _append(self, place: Place, span: Span, end: int) -> None:
        held, size, at = list[Entry](), 0, span.next
        for entry in self._source.entries(*place, max(at, self._source.first(*place)), end):
            if size >= SEGMENT_BYTES or len(held) >= SEGMENT_RECORDS:
                span, held, size = self._written(place, span, entry.offset, held), [], 0
            held.append(entry)
            size += len(entry.value or b"")
        if end > span.next:
            span = self._written(place, span, end, held)
        self.manifest = self.manifest.having(place, span)
        if self.added.total - self._kept >= KEEP_EVERY:
            self._keep()

    def _keep(self) -> None:
        self._kept = self.added.total
        self._archive.keep(self.manifest)

    def _written(self, place: Place, span: Span, end: int, entries: list[Entry]) -> Span:
        segment = self._archive.put(*place, (span.next, end), entries)
        self.added.records[place[0]] = self.added.records.get(place[0], 0) + len(entries)
        self.added.newest_ms = max(self.added.newest_ms, segment.newest_ms)
        if entries:
            self._head(place, entries[-1])
        return Span(span.first, (*span.segments, segment))

    def _head(self, place: Place, last: Entry) -> None:
        """Keep where the partition of the log ends, and what was signed last."""
        topic, number = place
        head = self.manifest.heads.get(number, Head(0, ""))
        if topic == EVENTS.name:
            sequence = decode_partly(Decision, last.value or b"").sequence
            chain = dict(last.headers).get(CHAIN_HEADER) or b""
            head = replace(head, sequence=sequence, chain=chain.hex())
        elif topic == CHECKPOINTS.name:
            head = replace(head, note=(last.value or b"").decode(errors="replace"))
        else:
            return
        self.manifest = replace(self.manifest, heads={**self.manifest.heads, number: head})


def create(
    archive: Archive, address: Servers, cluster: Cluster, now_us: Callable[[], int], tell: Tell
) -> tuple[Manifest, Added]:
    """Add what is new to an archive. Raises `BackupError`."""
    manifest = begun(archive.manifest(), cluster)
    with closing(Source(address)) as source:
        creation = Creation(archive, source, manifest, tell)
        return creation.run(now_us), creation.added
