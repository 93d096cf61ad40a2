"""Every planted bug turns the simulation red; a check that has never failed checks nothing."""

import sys

import pytest

from tests.simulation.planted import BUGS, FoundBy
from tests.simulation.planting import behaves, planted, verdict


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_it_is_found(bug, tmp_path, capsys):
    code, needed = search(bug, planted(bug, tmp_path))
    with capsys.disabled():
        sys.stdout.write(f"\n  {bug.name}: red after {needed}")
    assert code == 1, f"{bug.name}: {needed} and nothing found"


def search(bug, folder):
    """Return the exit code of what should find the bug, and how much of it was needed."""
    if bug.found_by is FoundBy.BEHAVIOURS:
        return behaves(folder), "one run of the broker behaviours"
    if bug.found_by is FoundBy.WAKES:
        code, said = verdict(folder, "--crash-points", "wakes")
        return code, f"{len(said['broken'])} of {said['wakes']} wakes"
    code, said = verdict(folder, "--seeds", str(bug.seeds), "--no-shrink")
    return code, f"{said['seeds']} seeds"
