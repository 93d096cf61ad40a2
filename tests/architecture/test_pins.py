"""pyproject.toml, the lock and what is installed agree; the lock is complete and hashed."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {"base": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
WANTED = [Requirement(text) for texts in EXTRAS.values() for text in texts]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=\S+.*\n?)+)",
    re.MULTILINE,
)
ENTRIES = [(canonicalize_name(m[1]), m[2], m[4]) for m in ENTRY.finditer(LOCK)]
# The facts that streams/runtime/host and the recovery are built on were read in these versions.
EXACT = {
    "aiokafka": "0.14.0",
    "confluent-kafka": "2.16.0",
    "faust-streaming": "0.15.3",
    "mode-streaming": "0.7.1",
    "rocksdict": "0.3.29",
}


@pytest.mark.parametrize("wanted", WANTED, ids=str)
def test_lock_satisfies_pyproject(wanted):
    locked = [version for name, version, _ in ENTRIES if name == canonicalize_name(wanted.name)]
    assert locked, "not in the lock; run: make lock"
    assert [version for version in locked if version not in wanted.specifier] == []


@pytest.mark.parametrize(("name", "version"), EXACT.items())
def test_pinned_packages_are_pinned_everywhere(name, version):
    specifiers = [str(wanted.specifier) for wanted in WANTED if wanted.name == name]
    assert specifiers == [f"=={version}"]
    assert metadata.version(name) == version


def test_every_line_of_the_lock_is_an_entry_with_hashes():
    pins = [line for line in LOCK.splitlines() if line and not line.startswith(("#", " "))]
    assert len(ENTRIES) == len(pins)


def test_installed_versions_are_the_locked_ones():
    locked = {}
    for name, version, _ in ENTRIES:
        locked.setdefault(name, set()).add(version)
    installed = {canonicalize_name(d.name): d.version for d in metadata.distributions()}
    wrong = {
        name: (installed[name], versions)
        for name, versions in locked.items()
        if name in installed and installed[name] not in versions
    }
    assert wrong == {}


def test_supported_pythons_are_those_of_bootstrap():
    source = (ROOT / "ops/bootstrap.py").read_text(encoding="utf-8")
    low, high = re.search(r"SUPPORTED = \(\((\d+, \d+)\), \((\d+, \d+)\)\)", source).groups()
    expected = f">={low.replace(', ', '.')},<{high.replace(', ', '.')}"
    assert PROJECT["requires-python"] == expected
