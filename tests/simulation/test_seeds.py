"""Two hundred seeds of faults over the shipped runtime, job and sinks, and no invariant broken."""

import sys
from functools import cache

import pytest

from ops.simulate.campaign import Sum, one_core
from ops.simulate.schedule import Fault

STEPS = 2_000
SEEDS = 200
SEEDS_PER_CASE = 10
LEAST_STRIKES = 100
LEAST_GROUPS = 60
FIRST = range(0, SEEDS, SEEDS_PER_CASE)


@cache
def campaign(first):
    """Each range runs once, whichever test asks first."""
    return one_core(range(first, first + SEEDS_PER_CASE), STEPS)


@pytest.mark.parametrize("first", FIRST)
def test_no_seed_breaks_an_invariant(first):
    failed = campaign(first).failed
    again = [f"ledgerctl simulate --seed {each.seed} --steps {STEPS}" for each in failed]
    assert [(line, each.findings) for line, each in zip(again, failed, strict=True)] == []


def test_every_kind_of_fault_strikes_often_and_every_seed_commits(capsys):
    total = Sum()
    for first in FIRST:
        total.join(campaign(first))
    strikes = [f"  {times:6,}  {fault}\n" for fault, times in sorted(total.faults.items())]
    with capsys.disabled():
        sys.stdout.writelines([f"\n{total.text}\n", *strikes])
    assert total.seeds == SEEDS
    assert total.fewest_groups >= LEAST_GROUPS
    assert total.zombies >= LEAST_STRIKES // 2
    assert total.snapshots >= LEAST_STRIKES
    assert total.refused >= LEAST_STRIKES // 5
    assert {
        fault: total.faults[fault] for fault in Fault if total.faults[fault] < LEAST_STRIKES
    } == {}
