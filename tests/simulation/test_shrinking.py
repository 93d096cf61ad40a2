"""Shrinking finds the faults that matter, and only those."""

import pytest

from ops.simulate.schedule import Fault, Planned, Schedule, drawn
from ops.simulate.shrink import shrunk

FAULTS = [Planned(step, Fault.KILL, step) for step in range(40)]


@pytest.mark.parametrize("needed", [{3}, {0, 39}, {7, 8, 30}])
def test_only_the_needed_faults_are_left(needed):
    left = shrunk(FAULTS, lambda some: needed <= {each.step for each in some}, runs_max=1_000)
    assert {each.step for each in left} == needed


def test_a_failure_without_any_fault_needs_none():
    assert shrunk(FAULTS, lambda some: True) == []


def test_the_search_ends_and_what_it_has_still_fails():
    runs = []

    def fails(some):
        runs.append(some)
        return {3, 30} <= {each.step for each in some}

    assert {3, 30} <= {each.step for each in shrunk(FAULTS, fails, runs_max=5)}
    assert len(runs) == 5


def test_a_schedule_comes_from_its_seed_alone():
    assert drawn(4, 2_000) == drawn(4, 2_000) != drawn(5, 2_000)


def test_a_fault_waits_for_an_operation_it_may_strike():
    schedule = Schedule([Planned(1, Fault.COMMIT_LOST, 0)])
    assert schedule.strike(1, "fetch") is None
    assert schedule.strike(2, "commit").fault is Fault.COMMIT_LOST
    assert schedule.strike(3, "commit") is None
    assert schedule.struck == {Fault.COMMIT_LOST: 1}
