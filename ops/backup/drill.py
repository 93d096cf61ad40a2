"""Drill: the archive restored to a scratch stack, a worker on it, and how long each step took.

Owns: the scratch stack and its end; the steps of a drill and their times.
Never: touches the ledger that was archived, but to ask how far it has gone on since.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ops.backup.archived import INPUTS
from ops.backup.check import check, notes_of
from ops.backup.cut import Until
from ops.backup.restore import restore
from ops.backup.source import Source
from ops.backup.survey import chosen
from ops.proof.checkpoint import Checkpoint
from ops.proof.note import NoteError, Verifier, open_note
from ops.reading import TopicReader, raise_damage, sealed
from ops.rig import running_partitions, start_worker, wait_for
from ops.settings import Settings
from ops.stack import Stack, StackConfig
from ops.verify.balances import UNSIGNED, Compared, compare_balances
from ops.verify.kept import STATE, kept_in
from schemas.access.kafka import Servers
from topics.catalog import EVENTS

if TYPE_CHECKING:
    from ops.backup.manifest import Manifest
    from ops.backup.place import Archive

WORKER: Final = "drill"
OPEN_S: Final = 600.0
MS_PER_S: Final = 1_000
US_PER_S: Final = 1_000_000
READ: Final = "check the archive"
RESTORED: Final = ("start a broker", "restore", "start a worker")


@dataclass(slots=True)
class Drill:
    """What a drill measured, in seconds, and what differs."""

    seconds: dict[str, float] = field(default_factory=dict)
    decisions: int = 0
    records: int = 0
    newest_age_s: float = 0.0
    since: int | None = None  # offsets of inputs that the ledger has beyond the archive
    compared: int = 0  # partitions
    checkpoints: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def back_s(self) -> float:
        """Time from nothing to a ledger that decides."""
        return sum(self.seconds.get(step, 0.0) for step in RESTORED)

    def document(self) -> dict[str, object]:
        """Return it for a program."""
        return {
            "rpo_s": round(self.newest_age_s, 1),
            "rpo_offsets_since": self.since,
            "rto_s": round(self.back_s, 1),
            "seconds": {step: round(took, 1) for step, took in self.seconds.items()},
            "records": self.records,
            "decisions": self.decisions,
            "partitions_compared": self.compared,
            "checkpoints": self.checkpoints,
            "differences": self.differences,
        }


def drill(
    archive: Archive, manifest: Manifest, trusted: Sequence[Verifier], folder: Path, live: Servers
) -> Drill:
    """Do it, and stop everything. Raises `BackupError` or `TimeoutError`."""
    found = Drill()
    _lost(found, manifest, live)
    with _step(found, READ):
        checked = check(archive, manifest, trusted)
    found.checkpoints, found.records = checked.checkpoints, checked.records
    found.differences += checked.differences
    if found.differences:
        return found  # what is damaged is not worth a stack
    stack = Stack(StackConfig(root=folder.absolute(), services=("kafka",)))
    try:
        with _step(found, RESTORED[0]):
            stack.up()
        with _step(found, RESTORED[1]):
            kept = chosen(archive, manifest, Until())
            done = restore(archive, manifest, kept, stack.endpoints.kafka, lambda _: None)
        found.decisions = done.decisions
        with _step(found, RESTORED[2]):
            worker = start_worker(stack, WORKER)
            wait_for("the worker", lambda: _runs(stack, manifest), OPEN_S)
        with _step(found, "compare"):
            worker.stop()
            _compare(found, stack, signed_in(archive, manifest, trusted))
    finally:
        stack.down()
    return found


def _runs(stack: Stack, manifest: Manifest) -> bool:
    return running_partitions(stack, WORKER) == manifest.partitions


def _lost(found: Drill, manifest: Manifest, live: Servers) -> None:
    """Say what would be lost: what came after the newest archived record."""
    newest_ms = max((span.newest_ms for span in manifest.spans.values()), default=0)
    found.newest_age_s = manifest.created_us / US_PER_S - newest_ms / MS_PER_S
    if not live:
        return
    with closing(Source(live)) as source:
        found.since = sum(
            max(0, source.end(topic, number) - span.next)
            for (topic, number), span in manifest.spans.items()
            if topic in {each.name for each in INPUTS}
        )


def _compare(found: Drill, stack: Stack, signed: dict[int, list[Checkpoint]]) -> None:
    """Hold every balance of the worker's state against the restored log, and that against notes."""
    address = stack.endpoints.kafka
    kept = kept_in(Settings(kafka=address, state_dir=stack.layout.state), STATE)
    with closing(TopicReader(address, EVENTS.name)) as reader:
        for number in range(reader.partitions):
            log = sealed(reader.read([number]), raise_damage)
            one: Compared = compare_balances(number, log, signed.get(number, ()), [kept])
            # Without a key nobody asked what was signed.
            found.differences += [
                line for line in one.differences if found.checkpoints or UNSIGNED not in line
            ]
            found.compared += 1


def signed_in(
    archive: Archive, manifest: Manifest, trusted: Sequence[Verifier]
) -> dict[int, list[Checkpoint]]:
    """Return the archived checkpoints by partition; those of nobody known were told by `check`."""
    found: dict[int, list[Checkpoint]] = {}
    for note in notes_of(archive, manifest) if trusted else ():
        try:
            checkpoint = Checkpoint.parse(open_note(note, trusted))
        except NoteError:
            continue
        found.setdefault(checkpoint.partition, []).append(checkpoint)
    return found


@contextmanager
def _step(found: Drill, name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    found.seconds[name] = time.monotonic() - began
