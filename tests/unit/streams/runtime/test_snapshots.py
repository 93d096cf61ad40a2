"""Snapshots: taken when far behind, refused when damaged, used when they save a long fold."""

import json

import pytest

from streams.runtime import snapshots
from streams.runtime.crashpoints import unarmed
from streams.runtime.fakes_local import FakeClock
from streams.runtime.snapshot_place import (
    KEPT,
    Manifest,
    RefusedError,
    SnapshotPlace,
    digest_of,
)
from streams.runtime.snapshots import Pace, PartitionSnapshots
from streams.runtime.store import StoreRoot

TOPIC = "log-1"
WORTH = 100
CHAIN = (("chain", b"\x01" * 32),)


class Now:
    """A writer that writes in the caller's thread."""

    def give(self, task):
        task()


class Later:
    """A writer that is busy until it is told."""

    def __init__(self):
        self.tasks = []

    def give(self, task):
        self.tasks.append(task)


class Owner:
    """A worker's side of one partition."""

    def __init__(self, url, folder, writer=None):
        self.root = StoreRoot(folder)
        self.url = str(url)
        self.place = self.place_of(TOPIC)
        self.folder = self.root.partition_folder("job", 3)
        pace = Pace(WORTH, FakeClock())
        self.snapshots = PartitionSnapshots(
            self.place_of, self.folder, writer or Now(), pace, unarmed
        )
        self.store = self.snapshots.opened(self.root.open("job", 3))

    def place_of(self, topic):
        return SnapshotPlace(self.url, "local", "job", "3", topic)

    def put(self, first, last):
        self.store.write([(b"%06d" % number, b"row %d" % number) for number in range(first, last)])

    def passed(self, offset, topic=TOPIC):
        self.snapshots.passed(topic, offset, CHAIN)

    def take_over(self, applied=0, topic=TOPIC):
        if not self.snapshots.fetch(topic, applied):
            return False
        self.store.close()
        self.snapshots.swap()
        self.store = self.snapshots.opened(self.root.open("job", 3))
        return True

    def rows(self):
        return self.store.scan(b"", b"\xff", 10_000)


@pytest.fixture
def owners(tmp_path):
    made = []

    def owner(name, writer=None):
        made.append(Owner(tmp_path / "shared", tmp_path / name, writer))
        return made[-1]

    yield owner
    for each in made:
        each.store.close()


def with_snapshots(owner, *offsets):
    """An owner that took a snapshot at each of these offsets; what it held at each."""
    held, before = [], 0
    for offset in offsets:
        owner.put(before, offset)
        owner.passed(offset)
        held.append(owner.rows())
        before = offset
    return held


def test_a_cold_owner_has_the_rows_of_the_newest(owners):
    first, heir = owners("first"), owners("heir")
    *_, newest = with_snapshots(first, 100, 250)
    assert heir.take_over()
    assert heir.rows() == newest
    assert sorted(each.name for each in heir.folder.iterdir()) == ["rocksdb"]


def test_an_owner_that_is_almost_level_keeps_its_rows(owners):
    first, heir = owners("first"), owners("heir")
    with_snapshots(first, 100)
    heir.put(0, 5)
    assert not heir.take_over(applied=1)
    assert len(heir.rows()) == 5


def test_none_is_taken_while_the_last_is_near_or_still_being_written(owners):
    later = Later()
    owner = owners("first", later)
    owner.passed(WORTH - 1)
    assert later.tasks == []
    owner.passed(WORTH)
    owner.passed(3 * WORTH)
    assert len(later.tasks) == 1
    later.tasks.pop()()
    owner.passed(3 * WORTH)
    assert len(later.tasks) == 1


def test_a_successor_goes_on_counting_from_the_newest(owners):
    first, heir = owners("first"), owners("heir")
    with_snapshots(first, 100)
    assert heir.take_over()
    heir.passed(199)
    assert heir.place.offsets() == [100]
    heir.passed(200)
    assert heir.place.offsets() == [200, 100]


def test_tables_that_were_taken_over_are_not_hashed_again(owners, monkeypatch):
    first, heir = owners("first"), owners("heir")
    with_snapshots(first, 100, 250)
    assert heir.take_over()
    hashed = []
    monkeypatch.setattr(
        snapshots, "digest_of", lambda path: hashed.append(path.name) or digest_of(path)
    )
    heir.passed(400)
    tables = {name for name in heir.place.read(250).files if name.endswith(".sst")}
    assert tables <= set(heir.place.read(400).files)
    assert tables
    assert not tables & set(hashed)


def test_only_the_newest_are_kept_and_files_they_share_are_written_once(owners):
    owner = owners("first")
    with_snapshots(owner, 100, 200, 300, 400)
    assert owner.place.offsets() == [400, 300]
    manifests = [owner.place.read(offset) for offset in owner.place.offsets()]
    tables = [{n for n in each.files if n.endswith(".sst")} for each in manifests]
    assert tables[1] < tables[0], "the newer one adds to the tables of the older one"
    needed = {digest for each in manifests for digest in each.files.values()}
    assert {path.name for path in (owner_files(owner)).iterdir()} == needed
    assert len(manifests) == KEPT


def owner_files(owner):
    return manifest_path(owner, owner.place.offsets()[0]).parent / "files"


def manifest_path(owner, offset):
    shared = owner.folder.parents[2] / "shared" / "local" / "job" / "3" / TOPIC
    return shared / f"{offset:020d}.json"


def new_table(owner, newest):
    """A table that only the newest has: its name, and where it lies."""
    older = owner.place.read(owner.place.offsets()[1]).files.values()
    name, digest = next(
        (n, d) for n, d in newest.files.items() if n.endswith(".sst") and d not in older
    )
    return name, owner_files(owner) / digest


def cut_table(owner, newest):
    name, path = new_table(owner, newest)
    path.write_bytes(path.read_bytes()[:-1])
    return name


def lose_table(owner, newest):
    name, path = new_table(owner, newest)
    path.unlink()
    return name


def cut_manifest(owner, newest):
    path = manifest_path(owner, newest.log_offset)
    path.write_bytes(path.read_bytes()[:-20])
    return "no manifest"


def edit_manifest(owner, newest):
    path = manifest_path(owner, newest.log_offset)
    body = json.loads(path.read_bytes())
    path.write_text(json.dumps({**body, "log_topic_id": "log-2"}))
    return "another hash of itself"


def move_manifest(owner, newest):
    manifest_path(owner, newest.log_offset).rename(manifest_path(owner, 999))
    return "lies under 999"


@pytest.mark.parametrize(
    "damage", [cut_table, lose_table, cut_manifest, edit_manifest, move_manifest]
)
def test_a_damaged_one_is_refused_and_the_older_one_used(owners, damage, caplog):
    first, heir = owners("first"), owners("heir")
    older, _ = with_snapshots(first, 100, 250)
    why = damage(first, first.place.read(250))
    assert heir.take_over()
    assert heir.rows() == older
    assert why in caplog.text


def test_another_logs_snapshot_is_none(owners, caplog):
    first, heir = owners("first"), owners("heir")
    with_snapshots(first, 100)
    of_first = manifest_path(first, 100).parent
    of_first.rename(of_first.with_name("log-2"))
    assert not heir.take_over(topic="log-2")
    assert "of another log" in caplog.text
    assert heir.rows() == []


def test_a_topic_made_anew_does_not_compete_with_its_namesake(owners):
    first, second, heir = owners("first"), owners("second"), owners("heir")
    with_snapshots(first, 500, 900)
    second.put(0, 7)
    second.passed(100, "log-2")
    assert second.place_of("log-2").offsets() == [100]
    assert heir.take_over(topic="log-2")
    assert len(heir.rows()) == 7


def test_a_checkpoint_a_dead_process_left_is_dropped_when_nobody_copies_it(owners):
    later = Later()
    owner = owners("first", later)
    owner.passed(WORTH)  # queued by one assignment, and the next one opens
    left = list(owner.folder.glob("checkpoint-*"))
    owner.snapshots.opening()
    assert [each.exists() for each in left] == [True]
    write, drop = later.tasks
    write()
    assert owner.place.offsets() == [WORTH]
    drop()
    assert not list(owner.folder.glob("checkpoint-*"))


def test_files_a_dead_process_left_half_way_do_not_stay(owners):
    owner = owners("first")
    for name in ("rocksdb.incoming", "rocksdb.stale"):
        (owner.folder / name).mkdir()
    owner.snapshots.opening()
    assert sorted(each.name for each in owner.folder.iterdir()) == ["rocksdb"]


def test_a_damaged_file_is_written_again_with_the_next_snapshot(owners):
    first, heir = owners("first"), owners("heir")
    with_snapshots(first, 100, 250)
    cut_table(first, first.place.read(250))
    assert heir.take_over()  # the older one: the newest is refused
    first.put(250, 360)
    first.passed(360)
    assert heir.take_over()
    assert heir.rows() == first.rows()


def test_a_checkpoint_that_fails_is_told_and_ends_nothing(owners, caplog):
    owner = owners("first")
    owner.store.close()
    owner.passed(WORTH)
    assert f"no snapshot at log offset {WORTH}" in caplog.text


def test_a_place_that_is_away_is_told_and_the_log_is_folded(tmp_path, caplog):
    blocked = tmp_path / "shared"
    blocked.write_text("a file where a folder should be")
    owner = Owner(blocked, tmp_path / "first")
    try:
        assert not owner.take_over()
    finally:
        owner.store.close()


def test_a_manifest_cannot_name_a_file_elsewhere(owners, tmp_path):
    owner = owners("first")
    owner.place.put(Manifest(TOPIC, 500, {}, {}), tmp_path)
    manifest = Manifest(TOPIC, 500, {}, {"../escaped": "0" * 64})
    with pytest.raises(RefusedError, match="outside"):
        owner.place.fetch(manifest, tmp_path / "incoming")


def test_an_object_store_will_do(tmp_path):
    owner, heir = (Owner("memory://shared", tmp_path / name) for name in ("first", "heir"))
    try:
        (held,) = with_snapshots(owner, 100)
        assert heir.take_over()
        assert heir.rows() == held
    finally:
        owner.store.close()
        heir.store.close()
