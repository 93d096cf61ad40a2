"""Planting: a copy of the tree with a bug in it, and the simulation run in there."""

import json
import os
import shutil
import subprocess
import sys

from tests.support.sources import ROOMS, ROOT

# The lines of a copy are not ours: a process in it must not be measured.
UNMEASURED = {name: at for name, at in os.environ.items() if not name.startswith("COVERAGE_")}
BESIDE = (
    "pyproject.toml",
    "requirements.lock",
    "docker-compose.yml",
    "Dockerfile",
    "Makefile",
    "CHANGELOG.md",
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.so", "*.class")


def planted(bug, folder, *, tests=False):
    """Copy the rooms, and perhaps all else that tests read, and plant the bug."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=LEFT_OUT)
    if tests:
        with_tests(folder)
    for change in bug.changes:
        path = folder / change.path
        text = path.read_text()
        assert text.count(change.text) == 1, f"{change.path}: {change.text!r} is not there once"
        path.write_text(text.replace(change.text, change.instead))
    return folder


def with_tests(folder):
    """Copy the tests, and the files beside the rooms that they read."""
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=LEFT_OUT)
    for name in BESIDE:
        shutil.copy(ROOT / name, folder)


def behaves(folder):
    """Run the suite of broker behaviours in the copy, on the virtual broker; its exit code."""
    with_tests(folder)
    suite = "tests/simulation/test_broker_behaviour.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not integration", suite],
        cwd=folder,
        env=UNMEASURED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.returncode


def verdict(folder, *options):
    """Simulate in the copy; return the exit code and the document."""
    done = subprocess.run(
        [sys.executable, "-m", "ops.cli", "simulate", "--json", *options],
        cwd=folder,
        env=UNMEASURED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode, json.loads(done.stdout)
