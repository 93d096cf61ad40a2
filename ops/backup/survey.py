"""Survey: what an archive says about its log, for the cut; and which records a cut keeps.

Owns: reading the archived Decisions, legs and job logs once.
Never: writes, or believes a file whose digest differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ledger.sealing import CHAIN_HEADER, SealedGroup, SealReader
from ops.backup.archived import ARCHIVED, INPUTS, JOB_LOGS
from ops.backup.cut import EMPTY, Group, Legs, Survey, Until, consistent
from ops.backup.errors import CutRefusedError
from ops.proof.checkpoint import Checkpoint
from ops.proof.note import NoteError
from schemas.codec import CodecError, decode, decode_partly
from schemas.messages.decisions import Decision
from schemas.messages.events import LegReceived, LegSent
from schemas.messages.legs import Leg
from schemas.messages.results import DeadLetter, Result
from schemas.messages.runtime import ChangelogRecord
from topics.catalog import CHECKPOINTS, DEAD_LETTERS, EVENTS, LEGS, RESULTS

if TYPE_CHECKING:
    from ops.backup.manifest import Manifest, Place
    from ops.backup.place import Archive
    from ops.backup.segment import Entry

Keeps = Callable[["Entry"], bool]


def groups_of(partition: int, entries: Iterator[Entry]) -> Iterator[Group]:
    """Yield what each sealed transaction left behind. Raises `LogError`."""
    reader = SealReader(partition, partial(decode_partly, Decision))
    sent: Mapping[int, int] = {}
    taken: Mapping[int, int] = {}
    for entry in entries:
        chain = dict(entry.headers).get(CHAIN_HEADER)
        group = reader.take(entry.offset, entry.value or b"", chain)
        if group is None:
            continue
        sent, taken = _moved(group, sent, taken)
        last = group.decisions[-1]
        assert last.seal is not None, "a group ends with its seal"
        positions = {each.topic: each.offset for each in last.seal.next_positions}
        yield Group(last.sequence, group.next_offset, last.decided_at, positions, sent, taken)


def _moved(
    group: SealedGroup, sent: Mapping[int, int], taken: Mapping[int, int]
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return the leg numbers after a group; the same object while nothing moved: it is shared."""
    for decision in group.decisions:
        for event in decision.events:
            if isinstance(event, LegSent):
                leg = event.leg
                sent = {**sent, leg.dst_partition: leg.pair_seq}
            elif isinstance(event, LegReceived):
                newest = max(taken.get(event.src_partition, 0), event.pair_seq)
                taken = {**taken, event.src_partition: newest}
    return sent, taken


def legs_of(entries: Iterator[Entry]) -> Legs:
    """Return the legs that lie in a partition; bytes nobody can read are no leg."""
    legs = Legs()
    for entry in entries:
        leg = leg_in(entry)
        if leg is not None:
            legs.add(leg.src_partition, leg.pair_seq, entry.offset)
    return legs


def leg_in(entry: Entry) -> Leg | None:
    """Return the leg of a record."""
    try:
        return decode(Leg, entry.value or b"")
    except CodecError:
        return None


def surveyed(archive: Archive, manifest: Manifest) -> Survey:
    """Read the Decisions and legs of an archive. Raises `DamagedError` or `LogError`."""
    found = Survey()
    for number in range(manifest.partitions):
        events, legs = manifest.span(EVENTS.name, number), manifest.span(LEGS.name, number)
        assert events is not None, "a whole archive has every partition of the log"
        assert legs is not None, "a whole archive has every partition of the legs"
        found.groups[number] = list(groups_of(number, archive.entries(events)))
        found.legs[number] = legs_of(archive.entries(legs))
    found.ends = {
        (topic.name, number): span.next
        for topic in INPUTS
        for number in range(manifest.partitions)
        if (span := manifest.span(topic.name, number)) is not None
    }
    return found


@dataclass(slots=True)
class Chosen:
    """What comes back: the cut, where each partition ends at least, and what stays behind."""

    cut: dict[int, Group]
    floors: dict[Place, int] = field(default_factory=dict)
    jobs: dict[Place, int] = field(default_factory=dict)
    until: Until = field(default_factory=Until)
    decisions_left: int = 0

    def keeps(self, place: Place) -> Keeps:
        """Return which records of a topic partition come back."""
        topic, number = place
        last = self.cut.get(number, EMPTY)
        end = last.next_offset if topic == EVENTS.name else self.jobs.get(place)
        if self.until.given and topic in _names(INPUTS):
            end = last.positions.get(topic, 0)
        readers: dict[str, Keeps] = {
            LEGS.name: partial(self._keeps_leg, number),
            RESULTS.name: partial(_keeps_answer, Result, last),
            DEAD_LETTERS.name: partial(_keeps_answer, DeadLetter, last),
            CHECKPOINTS.name: self._keeps_note,
        }
        if topic in readers:
            return readers[topic]
        return _everything if end is None else partial(_lies_before, end)

    def _keeps_leg(self, number: int, entry: Entry) -> bool:
        leg = leg_in(entry)
        if leg is None:
            return entry.offset < self.cut.get(number, EMPTY).positions.get(LEGS.name, 0)
        return leg.pair_seq <= self.cut.get(leg.src_partition, EMPTY).sent.get(number, 0)

    def _keeps_note(self, entry: Entry) -> bool:
        """Leave behind what was signed of Decisions that do not come back."""
        text = (entry.value or b"").decode(errors="replace").rpartition("\n\n")[0]
        try:
            signed = Checkpoint.parse(f"{text}\n")
        except NoteError:
            return True  # whoever reads it tells so
        return signed.size <= self.cut.get(signed.partition, EMPTY).sequence


def chosen(archive: Archive, manifest: Manifest, until: Until) -> Chosen:
    """Choose what comes back of an archive. Raises `DamagedError` or `LogError`."""
    survey = surveyed(archive, manifest)
    cut = consistent(survey, until)
    found = Chosen(cut, until=until)
    for number, last in cut.items():
        groups = survey.groups[number]
        newest = groups[-1] if groups else EMPTY
        found.decisions_left += newest.sequence - last.sequence
    for (topic, number), span in manifest.spans.items():
        last = cut[number]
        if topic == EVENTS.name:
            # The marker behind the last group: some reader may stand on it already.
            behind = last.next_offset + 1 if last.next_offset else span.first
            found.floors[topic, number] = min(span.next, behind)
        elif until.given:
            found.floors[topic, number] = _goes_on(span.first, last, topic, number)
        else:
            found.floors[topic, number] = span.next
    for topic in _names(JOB_LOGS):
        for number in range(manifest.partitions):
            job_span = manifest.span(topic, number)
            if job_span is not None:
                place = topic, number
                found.jobs[place] = job_end(archive.entries(job_span), number, found.floors)
                found.floors[place] = found.jobs[place]
    return found


def _goes_on(first: int, last: Group, topic: str, number: int) -> int:
    """Return where an input goes on. Raises `CutRefusedError` before what the archive has."""
    position = last.positions.get(topic, 0)
    if position < first and last.sequence:
        raise CutRefusedError(
            f"{topic}[{number}] begins at {first} in the archive, and the ledger of that time "
            f"would go on at {position}: choose a later time"
        )
    return max(first, position)


def job_end(entries: Iterator[Entry], number: int, ends: Mapping[Place, int]) -> int:
    """Return the offset after a job's last group that follows only what comes back."""
    end, group = 0, 0
    for entry in entries:
        record = decode(ChangelogRecord, entry.value or b"")
        closes = not record.rows and not record.next_positions and record.group == group
        ahead = any(
            each.offset > ends.get((each.topic, number), each.offset)
            for each in record.next_positions
        )
        if ahead:
            break
        if record.next_positions or closes:
            end, group = entry.offset + 1, record.group
    return end


def _names(topics: tuple[object, ...]) -> frozenset[str]:
    return frozenset(topic.name for topic in ARCHIVED if topic in topics)


def _keeps_answer(kind: type[Result | DeadLetter], last: Group, entry: Entry) -> bool:
    return decode(kind, entry.value or b"").sequence <= last.sequence


def _lies_before(end: int, entry: Entry) -> bool:
    return entry.offset < end


def _everything(_entry: Entry) -> bool:
    return True
