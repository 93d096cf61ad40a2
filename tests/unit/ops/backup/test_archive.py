"""An archive grows by what is new, mends what a kill left, and names each file that is damaged."""

import json

import pytest

from ops.backup import create as creating
from ops.backup.check import check
from ops.backup.create import begun
from ops.backup.errors import AnotherLogError, DamagedError
from ops.backup.manifest import NAME, Manifest
from ops.backup.place import Archive
from ops.proof.checkpoint import Checkpoint
from ops.proof.note import Signer
from tests.unit.ops.backup.logs import ENTRIES, RECORDS, TOPICS, Topics, created
from tests.unit.ops.proof.logs import leaves_of
from topics.catalog import CHECKPOINTS, EVENTS
from topics.plan import Cluster, DescribedTopic

LOG = (EVENTS.name, 0)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """An archive of three files of the log."""
    monkeypatch.setattr(creating, "SEGMENT_RECORDS", len(ENTRIES) // 3 + 1)
    return created(tmp_path, Topics())


def files_of(manifest):
    return [segment.name for segment in manifest.spans[LOG].segments]


def test_a_second_run_adds_only_what_is_new(tmp_path):
    half = len(ENTRIES) // 2
    topics = Topics(ENTRIES[:half])
    _, first, added = created(tmp_path, topics)
    assert added.total == half
    topics.log[LOG] = ENTRIES
    topics.read.clear()
    archive, second, added = created(tmp_path, topics)
    assert added.total == len(ENTRIES) - half == len(topics.read)
    assert files_of(second)[:1] == files_of(first)
    assert list(archive.entries(second.spans[LOG])) == ENTRIES
    assert created(tmp_path, topics)[2].total == 0
    assert check(archive, second, ()).differences == []


def test_the_manifest_says_where_everything_ends(kept):
    archive, manifest, _ = kept
    assert manifest == archive.opened()
    assert manifest.topics() == TOPICS
    assert manifest.spans[LOG].next == ENTRIES[-1].offset + 2, "the marker belongs to it"
    head = manifest.heads[0]
    assert bytes.fromhex(head.chain) == RECORDS[-1].headers["chain"]
    assert head.sequence == len(leaves_of(RECORDS).leaves)


@pytest.mark.parametrize("at", range(4))
def test_a_killed_run_is_gone_on_with(tmp_path, monkeypatch, at):
    monkeypatch.setattr(creating, "SEGMENT_RECORDS", len(ENTRIES) // 3 + 1)
    archive, written = Archive(str(tmp_path)), []

    class Killed(BaseException):
        """As a kill -9: nothing catches it."""

    def write(name, data, real=archive._write):
        if len(written) == at:
            (tmp_path / f"{name}.part").parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / f"{name}.part").write_bytes(data[: len(data) // 2])
            raise Killed
        written.append(name)
        real(name, data)

    killed = creating.Creation(archive, Topics(), Manifest(partitions=1), lambda _line: None)
    monkeypatch.setattr(Archive, "_write", lambda _self, name, data: write(name, data))
    with pytest.raises(Killed):
        killed.run(lambda: 1)
    monkeypatch.undo()
    if archive.manifest() is not None:
        with pytest.raises(DamagedError, match="never came to its end"):
            archive.opened()
    archive, manifest, added = created(tmp_path, Topics())
    assert any("left by a run that was ended" in line for line in added.mended)
    assert list(archive.entries(manifest.spans[LOG])) == ENTRIES


@pytest.mark.parametrize("at", range(3))
def test_a_flipped_byte_a_missing_and_a_cut_file_are_named(kept, tmp_path, at):
    archive, manifest, _ = kept
    name = files_of(manifest)[at]
    file = tmp_path / name
    good = file.read_bytes()
    middle = len(good) // 2
    flipped = good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :]
    for bad, what in ((flipped, "another content"), (good[:-1], "bytes of"), (None, "is missing")):
        file.unlink() if bad is None else file.write_bytes(bad)
        assert check(archive, manifest, ()).differences == [
            each
            for each in check(archive, manifest, ()).differences
            if each.startswith(f"{name}: ") and what in each
        ]
        assert len(check(archive, manifest, ()).differences) == 1


def test_a_missing_or_cut_file_is_read_again(kept, tmp_path):
    archive, manifest, _ = kept
    _, second, third = files_of(manifest)
    (tmp_path / second).unlink()
    _, mended, added = created(tmp_path, Topics())
    assert [line.split(":")[0] for line in added.mended[-1:]] == [second]
    assert third in files_of(mended)
    assert list(archive.entries(mended.spans[LOG])) == ENTRIES


def test_a_log_that_was_changed_before_it_was_archived_is_found(tmp_path):
    changed = [*ENTRIES]
    changed[5] = changed[5]._replace(value=changed[6].value)
    archive, manifest, _ = created(tmp_path, Topics(changed))
    assert any("partition 0" in each for each in check(archive, manifest, ()).differences)


def test_what_was_signed_is_held_against_the_archive(tmp_path):
    signer, leaves = Signer.generate("office"), leaves_of(RECORDS)
    size = len(leaves.leaves)
    good = leaves.checkpoints([size])[0]
    wrong = Checkpoint(good.ledger_id, 0, size, bytes(32), good.chain)
    for checkpoint, differs in ((good, False), (wrong, True)):
        note = ENTRIES[0]._replace(offset=0, value=signer.sign(checkpoint.text()).encode())
        topics = Topics()
        topics.log[CHECKPOINTS.name, 0] = [note]
        archive, manifest, _ = created(tmp_path / str(differs), topics)
        found = check(archive, manifest, [signer.verifier()])
        assert bool(found.differences) is differs
        assert found.checkpoints == 1
        assert manifest.heads[0].note.startswith(checkpoint.text())


def test_a_changed_manifest_is_refused(kept, tmp_path):
    archive, _, _ = kept
    file = tmp_path / NAME
    body = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**body, "partitions": 2}), encoding="utf-8")
    with pytest.raises(DamagedError, match="another hash"):
        archive.manifest()
    file.write_text("{", encoding="utf-8")
    with pytest.raises(DamagedError, match="is no manifest"):
        archive.manifest()
    with pytest.raises(DamagedError, match="no backup was made"):
        Archive(str(tmp_path / "elsewhere")).opened()


def test_what_retention_took_before_it_was_archived_is_told(tmp_path):
    topics = Topics(ENTRIES[:10])
    created(tmp_path, topics)
    topics.log[LOG], topics.firsts[LOG] = ENTRIES[20:], ENTRIES[20].offset
    added = created(tmp_path, topics)[2]
    assert [line.split(":")[0] for line in added.lost] == [f"{EVENTS.name}[0]"]


def test_topics_made_anew_need_a_folder_of_their_own():
    def cluster(topic_id):
        topics = {name: DescribedTopic(name, 8, {}, topic_id) for name in TOPICS}
        return Cluster("a", 1, topics)

    first = begun(None, cluster("one"))
    assert first.partitions == 8
    assert begun(first, cluster("one")) == first
    with pytest.raises(AnotherLogError, match="was made anew"):
        begun(first, cluster("two"))
    with pytest.raises(AnotherLogError, match="does not exist"):
        begun(None, Cluster("a", 1, {}))


def test_an_archive_is_not_of_a_log_that_ends_before_it(tmp_path):
    created(tmp_path, Topics())
    topics = Topics(ENTRIES[:3])
    with pytest.raises(AnotherLogError, match="offsets are archived"):
        created(tmp_path, topics)
