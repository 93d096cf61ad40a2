"""Snapshots: what is damaged, away or of another log is refused, told, and ends nothing."""

import json

import pytest

from streams.runtime.snapshot_place import (
    Manifest,
    RefusedError,
)
from tests.unit.streams.runtime.snapshot_owners import (
    TOPIC,
    WORTH,
    Owner,
    manifest_path,
    owner_files,
    with_snapshots,
)


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
