"""What belongs to a stack's folder, and that nothing else is removed."""

import pytest

from ops.stack import wipe
from ops.stack.errors import FolderLockedError
from ops.stack.lock import FolderLock


@pytest.fixture
def root(tmp_path):
    for name in ("kafka", "redis", "logs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("data")
    (tmp_path / "ports.json").write_text("{}")
    (tmp_path / "mine.txt").write_text("not the stack's")
    return tmp_path


def test_the_plan_lists_what_is_there(root):
    assert [path.name for path in wipe.plan(root)] == ["kafka", "redis", "logs", "ports.json"]


def test_only_the_stacks_own_files_go(root):
    wipe.execute(root)
    assert [path.name for path in root.iterdir()] == ["mine.txt"]


def test_a_postgres_that_lives_elsewhere_goes_too(root, tmp_path_factory):
    public = tmp_path_factory.mktemp("public")
    (root / "postgres").mkdir()
    (root / "postgres" / "data").symlink_to(public)
    wipe.execute(root)
    assert not public.exists()


def test_a_folder_in_use_is_left_alone(root):
    held = FolderLock.acquire(root / "lock", "", 0)
    with pytest.raises(FolderLockedError, match="in use"):
        wipe.execute(root)
    held.release()
    assert (root / "kafka").exists()


def test_wiping_nothing_is_fine(tmp_path):
    assert wipe.execute(tmp_path / "nowhere") == ()
    assert wipe.plan(tmp_path / "nowhere") == ()


def test_sizes_are_summed(root):
    assert wipe.size_bytes(root / "kafka") == 4
    assert wipe.size_bytes(root / "ports.json") == 2
