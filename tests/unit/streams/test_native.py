"""The native build is used while it matches its sources, and never otherwise."""

import pytest

from streams.native import MANIFEST, native_folder, prefer_native, sources_digest


@pytest.fixture
def root(tmp_path):
    """A checkout of two rooms with a build that matches them."""
    for room in ("schemas", "ledger"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "one.py").write_text("ONE = 1\n")
    folder = native_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(sources_digest(tmp_path))
    return tmp_path


def test_a_fresh_build_comes_first_on_the_path(root):
    path = ["before"]
    assert prefer_native({}, path, root) == "native"
    assert path == [str(native_folder(root)), "before"]


def test_an_edited_source_makes_it_stale_and_says_so(root):
    (root / "ledger" / "one.py").write_text("ONE = 2\n")
    path = ["before"]
    assert "run make native" in prefer_native({}, path, root)
    assert path == ["before"]


@pytest.mark.parametrize("change", ["added", "removed", "renamed"])
def test_so_does_a_file_that_is(root, change):
    one = root / "schemas" / "one.py"
    if change == "added":
        (root / "schemas" / "two.py").write_text("")
    elif change == "removed":
        one.unlink()
    else:
        one.rename(one.with_name("other.py"))
    assert prefer_native({}, [], root) != "native"


def test_the_pure_path_can_be_asked_for(root):
    path = []
    assert prefer_native({"LEDGER_PURE": "1"}, path, root) == "pure"
    assert path == []


def test_without_a_build_everything_runs_pure(root):
    (native_folder(root) / MANIFEST).unlink()
    assert prefer_native({}, [], root) == "pure"
