"""Restore: an archive, written to a cluster whose topics are empty.

Owns: the order: check, create topics, write, give the topics their settings back, look again.
Never: writes into a topic that has records; starts a worker.

Some topics are stamped by the broker (LogAppendTime), and the stamps are the ledger's clock. While
it is written each of them takes the stamps it is given (CreateTime), and gets its own setting back
when everything lies where it lay: until then no worker starts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.backup.archived import ARCHIVED
from ops.backup.errors import NotEmptyError, RestoreError
from ops.backup.layout import Stretch, stretches
from ops.backup.source import Source
from ops.backup.survey import Chosen
from ops.backup.writer import Writer
from schemas.access.kafka import Servers
from topics.catalog import TOPICS
from topics.execute import apply, describe
from topics.plan import TIMESTAMP_TYPE, AlterConfig, Cluster, Problem, plan

if TYPE_CHECKING:
    from ops.backup.manifest import Manifest, Place
    from ops.backup.place import Archive

GIVEN = "CreateTime"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore wrote."""

    records: int
    decisions: int


def refuse_unless_empty(address: Servers, cluster: Cluster) -> None:
    """Raise `NotEmptyError` when any topic of the ledger has or had a record."""
    with closing(Source(address)) as source:
        for topic in TOPICS:
            found = cluster.topics.get(topic.name)
            for number in range(found.partitions if found else 0):
                if end := source.end(topic.name, number):
                    raise NotEmptyError(
                        f"{topic.name}[{number}] at {address} ends at {end}, not at 0: a restore "
                        "writes to an empty cluster only"
                    )


def lines_of(manifest: Manifest, chosen: Chosen) -> list[str]:
    """Return what will be done, in words."""
    lines = [f"create {len(TOPICS)} topics of {manifest.partitions} partitions where they are not"]
    lines += [
        f"partition {number}: the first {last.sequence} Decisions, log offsets below "
        f"{last.next_offset}"
        for number, last in sorted(chosen.cut.items())
    ]
    if chosen.decisions_left:
        lines.append(
            f"{chosen.decisions_left} archived Decisions stay behind: another partition's archive "
            "ends before what they follow from, or it was asked for"
        )
    return lines


def restore(
    archive: Archive,
    manifest: Manifest,
    chosen: Chosen,
    address: Servers,
    tell: Callable[[int], None],
) -> Restored:
    """Write what was chosen. Raises `BackupError`."""
    refuse_unless_empty(address, describe(address))
    made = plan(describe(address), manifest.partitions)
    _refuse(made.problems)
    apply(address, made.actions)
    stamped = [topic.name for topic in ARCHIVED if topic.log_append_time]
    apply(address, [_time(topic, GIVEN) for topic in stamped])
    writer = Writer(address)
    writer.begin({place: span.first for place, span in manifest.spans.items()})
    written = writer.write(
        {place: _stretches(archive, manifest, chosen, place) for place in manifest.spans}, tell
    )
    apply(address, _settings(manifest, describe(address)))
    _look_again(address, {place: writer.end(place) for place in manifest.spans})
    return Restored(written, sum(last.sequence for last in chosen.cut.values()))


def _stretches(
    archive: Archive, manifest: Manifest, chosen: Chosen, place: Place
) -> Iterator[Stretch]:
    span, keeps = manifest.spans[place], chosen.keeps(place)
    entries = (entry for entry in archive.entries(span) if keeps(entry))
    return stretches(span.first, entries, chosen.floors[place])


def _look_again(address: Servers, ends: Mapping[Place, int]) -> None:
    """Every partition ends where it is to end, and nobody else wrote to it meanwhile."""
    with closing(Source(address)) as source:
        for (topic, number), expected in ends.items():
            end = source.end(topic, number)
            if end != expected:
                raise RestoreError(f"{topic}[{number}] ends at {end}, not {expected}")


def _time(topic: str, then: str) -> AlterConfig:
    return AlterConfig(topic, {TIMESTAMP_TYPE: ("", then)})


def _settings(manifest: Manifest, now: Cluster) -> list[AlterConfig]:
    """Return what makes the topics' settings those that were archived."""
    found = []
    for topic, then in manifest.configs.items():
        have = now.topics[topic].config
        changes = {
            name: (have.get(name, ""), value)
            for name, value in then.items()
            if have.get(name) != value
        }
        if changes:
            found.append(AlterConfig(topic, changes))
    return found


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise RestoreError(problems[0].text())
