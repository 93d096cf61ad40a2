"""The scripts of others are those that their packages have; the wheel has every file."""

import re
import tomllib
from hashlib import sha256
from pathlib import PurePosixPath

import pytest

from tests.support.sources import ROOT, project_files

VENDOR = ROOT / "ops/web/static/vendor"
README = VENDOR.joinpath("README.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `([\w.]+)` \| (\S+) ([\d.]+) \| ([\w-]+) \| `([0-9a-f]{64})` \|$", re.MULTILINE
)
FILES = {name: digest for name, _, _, _, digest in ROW.findall(README)}
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "setuptools"
]["package-data"]["*"]
OURS = [
    name for name in project_files() if name.startswith("ops/web/") and not name.endswith(".py")
]


def test_the_readme_names_every_file_beside_it():
    assert {path.name for path in VENDOR.iterdir()} == {*FILES, "README.md"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_the_one_that_its_package_has(name):
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == FILES[name]


def test_each_package_comes_with_its_licence():
    for _, package, version, licence, _ in ROW.findall(README):
        assert licence in {"0BSD", "MIT"}
        assert f"{package} {version}" in README
    assert {"htmx.LICENSE.txt", "uPlot.LICENSE.txt"} <= set(FILES)


@pytest.mark.parametrize("name", OURS)
def test_the_wheel_has_every_file_that_is_no_python(name):
    inside = PurePosixPath(name).relative_to("ops")
    assert any(_matches(inside, pattern) for pattern in PATTERNS)


def _matches(path, pattern):
    """As setuptools reads a pattern: `**/` is any folder, also none."""
    if pattern.startswith("**/"):
        return path.match(pattern.removeprefix("**/"))
    return len(path.parts) == 1 and path.match(pattern)
