"""Check: an archive held against itself, without a broker.

Owns: files against their digests, the log's chain, seals, entries and balances, what was signed.
Never: repairs; `create` reads again what is missing, as long as the broker has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.sealing import LogError
from ops.backup.errors import DamagedError
from ops.proof.checkpoint import Checkpoint, Leaves, broken_by
from ops.proof.note import NoteError, Verifier, open_note
from ops.reading import Record, raise_damage, sealed
from ops.verify.check import Verdict, verify_records
from topics.catalog import CHECKPOINTS, EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.backup.manifest import Manifest
    from ops.backup.place import Archive

MICROS_PER_MS = 1_000


@dataclass(slots=True)
class Checked:
    """What was looked at, and what is wrong."""

    files: int = 0
    records: int = 0
    checkpoints: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    differences: list[str] = field(default_factory=list)


def check(archive: Archive, manifest: Manifest, trusted: Sequence[Verifier]) -> Checked:
    """Read every file once, the log a second and third time."""
    found = Checked()
    whole = {place: _readable(archive, manifest, place, found) for place in manifest.spans}
    numbers = [number for number in range(manifest.partitions) if whole[EVENTS.name, number]]
    found.verdict = verify_records(log_of(archive, manifest, numbers))
    found.differences += found.verdict.differences
    for number in numbers:
        _heads(manifest, number, found)
    if trusted:
        _signed(archive, manifest, trusted, found)
    return found


def _readable(archive: Archive, manifest: Manifest, place: tuple[str, int], found: Checked) -> bool:
    span = manifest.spans[place]
    found.files += len(span.segments)
    try:
        found.records += sum(1 for _ in archive.entries(span))
    except DamagedError as error:
        found.differences.append(str(error))
        return False
    return True


def log_of(archive: Archive, manifest: Manifest, numbers: Sequence[int]) -> Iterator[Record]:
    """Yield the archived log, as a reader of the topic would."""
    for number in numbers:
        yield from records_of(archive, manifest, EVENTS.name, number)


def records_of(archive: Archive, manifest: Manifest, topic: str, number: int) -> Iterator[Record]:
    """Yield the records of one topic partition."""
    for entry in archive.entries(manifest.spans[topic, number]):
        headers = {name: value for name, value in entry.headers if value is not None}
        yield Record(
            topic,
            number,
            entry.offset,
            entry.time_ms * MICROS_PER_MS,
            entry.key,
            entry.value,
            headers,
        )


def notes_of(archive: Archive, manifest: Manifest) -> list[str]:
    """Return every archived checkpoint, as it was signed."""
    return [
        (record.value or b"").decode(errors="replace")
        for number in range(manifest.partitions)
        for record in records_of(archive, manifest, CHECKPOINTS.name, number)
    ]


def _heads(manifest: Manifest, number: int, found: Checked) -> None:
    """The manifest's own word about the end of each partition."""
    head = manifest.heads.get(number)
    reached = found.verdict.last_sequence.get(number, 0)
    # Behind the last seal a torn transaction may lie, which its owner decided again.
    if head is not None and head.sequence < reached:
        found.differences.append(
            f"partition {number}: the manifest ends at sequence {head.sequence}, "
            f"the log at {reached}"
        )


def _signed(
    archive: Archive, manifest: Manifest, trusted: Sequence[Verifier], found: Checked
) -> None:
    signed: dict[int, list[Checkpoint]] = {}
    for note in notes_of(archive, manifest):
        try:
            checkpoint = Checkpoint.parse(open_note(note, trusted))
        except NoteError as error:
            found.differences.append(f"a checkpoint: {error}")
            continue
        signed.setdefault(checkpoint.partition, []).append(checkpoint)
    for number, checkpoints in sorted(signed.items()):
        leaves = Leaves(number)
        try:
            for placed in sealed(log_of(archive, manifest, [number]), raise_damage):
                leaves.add(placed)
        except (LogError, DamagedError):
            continue  # told already
        found.differences += broken_by(checkpoints, leaves)
        found.checkpoints += len(checkpoints)
