"""What comes back of an archive: the log to a place, and of everything else what belongs to it."""

import pytest

from ops.backup.command import until_of
from ops.backup.cut import EMPTY, Until
from ops.backup.segment import Entry
from ops.backup.survey import chosen, groups_of, job_end, legs_of
from ops.errors import DocumentError
from ops.proof.note import Signer
from schemas.codec import encode
from schemas.messages.decisions import InputPosition
from schemas.messages.results import Result
from schemas.messages.runtime import ChangedRow, ChangelogRecord
from schemas.messages.vocabulary import Outcome, Stage
from tests.unit.ops.backup.logs import ENTRIES, RECORDS, Topics, created
from tests.unit.ops.proof.logs import leaves_of
from topics.catalog import ALIASES, CHECKPOINTS, COMMANDS, EVENTS, LEGS, RESULTS, SETTLEMENT_LOG

GROUPS = list(groups_of(0, iter(ENTRIES)))
MIDDLE = GROUPS[len(GROUPS) // 2]
BACK = Until(0, MIDDLE.next_offset - 1)


ROWS = (ChangedRow("t", b"k", b"v"),)


def entry(offset, value=b"", headers=()):
    return Entry(offset, 1, b"k", value, headers)


def answer(sequence):
    fields = ("w-1", "c-1", Outcome.ACCEPTED, None, "", Stage.FINAL, 0, sequence, None, 1, None)
    return encode(Result(*fields))


def change(group, position=None, rows=ROWS):
    places = () if position is None else (InputPosition(EVENTS.name, position),)
    return encode(ChangelogRecord("settlement", 0, group, rows, places))


def whole(folder):
    """An archive with something of each kind."""
    topics = Topics()
    positions = MIDDLE.positions[COMMANDS.name]
    topics.log[COMMANDS.name, 0] = [entry(offset) for offset in range(positions + 60)]
    topics.log[RESULTS.name, 0] = [entry(n, answer(n + 1)) for n in range(GROUPS[-1].sequence)]
    topics.log[ALIASES.name, 0] = [entry(0), entry(1)]
    topics.log[LEGS.name, 0] = [entry(offset, b"no leg") for offset in range(3)]
    signer, leaves = Signer.generate("office"), leaves_of(RECORDS)
    sizes = (MIDDLE.sequence, GROUPS[-1].sequence)
    topics.log[CHECKPOINTS.name, 0] = [
        entry(offset, signer.sign(each.text()).encode())
        for offset, each in enumerate(leaves.checkpoints(sizes))
    ]
    topics.log[SETTLEMENT_LOG.name, 0] = [
        entry(0, change(1, MIDDLE.next_offset)),
        entry(1, change(1, rows=())),
        entry(3, change(2, GROUPS[-1].next_offset)),
        entry(4, change(2, rows=())),
    ]
    return created(folder, topics)


def kept(archive, manifest, until):
    found = chosen(archive, manifest, until)
    counts = {
        place[0]: sum(map(found.keeps(place), archive.entries(span)))
        for place, span in manifest.spans.items()
        if span.records
    }
    return found, counts


def test_everything_comes_back_when_nobody_asks_to_go_back(tmp_path):
    archive, manifest, _ = whole(tmp_path)
    found, counts = kept(archive, manifest, Until())
    expected = {place[0]: span.records for place, span in manifest.spans.items() if span.records}
    # Bytes that nobody can read are no leg: without a Decision on them they do not come back.
    assert counts == {**expected, LEGS.name: 0}
    assert found.cut == {0: GROUPS[-1]}
    assert found.decisions_left == 0
    assert found.floors[COMMANDS.name, 0] == manifest.spans[COMMANDS.name, 0].next


def test_going_back_leaves_behind_what_was_not_decided_and_what_follows(tmp_path):
    archive, manifest, _ = whole(tmp_path)
    found, counts = kept(archive, manifest, BACK)
    assert found.cut == {0: MIDDLE}
    assert found.decisions_left == GROUPS[-1].sequence - MIDDLE.sequence
    assert counts[EVENTS.name] == MIDDLE.sequence
    assert found.floors[EVENTS.name, 0] == MIDDLE.next_offset + 1
    assert counts[COMMANDS.name] == MIDDLE.positions[COMMANDS.name]
    assert counts[RESULTS.name] == MIDDLE.sequence
    assert counts[CHECKPOINTS.name] == 1
    assert counts[SETTLEMENT_LOG.name] == 2
    assert counts[ALIASES.name] == 2
    assert chosen(archive, manifest, Until(0, 0)).cut == {0: EMPTY}


def test_a_job_ends_with_the_last_group_that_comes_back():
    ends = {(EVENTS.name, 0): 10}
    parts = [entry(0, change(1)), entry(1, change(1, 4)), entry(2, change(1, rows=()))]
    assert job_end(iter(parts), 0, ends) == 3
    assert job_end(iter([*parts, entry(4, change(2, 10))]), 0, ends) == 5
    assert job_end(iter([*parts, entry(4, change(2, 11))]), 0, ends) == 3
    assert job_end(iter([*parts, entry(4, change(2))]), 0, ends) == 3, "a group without its seal"
    assert job_end(iter([]), 0, ends) == 0


def test_groups_say_where_the_inputs_go_on():
    assert [group.sequence for group in GROUPS] == sorted({group.sequence for group in GROUPS})
    assert GROUPS[-1].positions[COMMANDS.name] > 0
    assert legs_of(iter([entry(0, b"no leg")])).senders() == ()


@pytest.mark.parametrize("text", ["3", "3:", ":4", "a:4", "3:-1"])
def test_a_place_is_a_partition_and_an_offset(text):
    assert until_of("3:1200", None) == Until(3, 1200)
    assert not until_of(None, None).given
    with pytest.raises(DocumentError, match="--until"):
        until_of(text, None)
