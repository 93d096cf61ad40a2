"""Every planted bug turns the simulation red; a check that has never failed checks nothing."""

import sys

import pytest

from tests.simulation.planted import BUGS
from tests.simulation.planting import planted, verdict


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_simulation_finds_it(bug, tmp_path, capsys):
    options = ["--crash-points", "wakes"] if bug.wakes else ["--seeds", str(bug.seeds)]
    code, said = verdict(planted(bug, tmp_path), *options, "--no-shrink")
    needed = f"{len(said['broken'])} wakes" if bug.wakes else f"{said['seeds']} seeds"
    with capsys.disabled():
        sys.stdout.write(f"\n  {bug.name}: red after {needed}")
    assert code == 1, f"{bug.name}: {needed} and nothing found"
