"""Snapshots: taken when far behind, used when they save a long fold."""

from streams.runtime import snapshots
from streams.runtime.snapshot_place import (
    KEPT,
    digest_of,
)
from tests.unit.streams.runtime.snapshot_owners import (
    WORTH,
    Later,
    Owner,
    owner_files,
    with_snapshots,
)


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


def test_an_object_store_will_do(tmp_path):
    owner, heir = (Owner("memory://shared", tmp_path / name) for name in ("first", "heir"))
    try:
        (held,) = with_snapshots(owner, 100)
        assert heir.take_over()
        assert heir.rows() == held
    finally:
        owner.store.close()
        heir.store.close()
