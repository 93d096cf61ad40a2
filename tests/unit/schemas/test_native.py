"""The native build is used while it matches its sources, and never otherwise."""

import json
import subprocess
import sys

import pytest

from schemas.native import MANIFEST, digests, native_folder, prefer_native

SOURCES = ("one.py", "two.py")


@pytest.fixture
def finders():
    """The finders of this process, as they were, after the test."""
    before = list(sys.meta_path)
    yield sys.meta_path
    sys.meta_path[:] = before


@pytest.fixture
def root(tmp_path, finders):
    """A checkout with a build of one module that matches it."""
    for name in SOURCES:
        (tmp_path / name).write_text("ONE = 1\n")
    put_manifest(tmp_path, {"built_module": "built_module.so"})
    return tmp_path


def put_manifest(root, modules):
    folder = native_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"sources": digests(SOURCES, root), "modules": modules}
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_a_fresh_build_is_found_first(root, finders):
    assert prefer_native({}, root) == "native"
    spec = finders[0].find_spec("built_module")
    assert spec.origin == str(native_folder(root) / "built_module.so")
    assert finders[0].find_spec("another") is None


@pytest.mark.parametrize("change", ["edited", "removed", "renamed"])
def test_a_changed_source_makes_it_stale_and_says_so(root, finders, change):
    before = list(finders)
    two = root / "two.py"
    if change == "edited":
        two.write_text("ONE = 2\n")
    elif change == "removed":
        two.unlink()
    else:
        two.rename(root / "three.py")
    assert "older than its sources; make native" in prefer_native({}, root)
    assert finders == before


def test_a_file_it_was_not_made_from_is_no_matter(root):
    (root / "three.py").write_text("")
    assert prefer_native({}, root) == "native"


def test_the_pure_path_can_be_asked_for(root, finders):
    before = list(finders)
    assert prefer_native({"LEDGER_PURE": "1"}, root) == "pure (LEDGER_PURE=1)"
    assert finders == before


def test_without_a_build_everything_runs_pure(root):
    (native_folder(root) / MANIFEST).unlink()
    assert "no native build" in prefer_native({}, root)


def test_half_of_each_is_refused(root):
    put_manifest(root, {"json": "json.so"})
    with pytest.raises(ImportError, match="json is imported already"):
        prefer_native({}, root)


def test_a_worker_says_which_code_it_runs(tmp_path):
    said = subprocess.run(
        (sys.executable, "-m", "streams"),
        env={"LEDGER_PURE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "code pure (LEDGER_PURE=1)" in said.stderr
