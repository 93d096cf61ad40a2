"""The schedule: one seed, the same faults; every kind in its time; lanes that do not overlap."""

import itertools
from collections import Counter

import pytest

from ops.chaos.schedule import BRIEF, SECONDS, STEADY, ZOMBIES, Kind, draw, pace_of

WORKERS = ("worker-1", "worker-2", "worker-3")
STATE_KINDS = {Kind.KILL, Kind.STATE_DELETED, Kind.STATE_OLD, Kind.SST_CUT}


def test_the_seed_decides():
    assert draw(7, 600, WORKERS, STEADY) == draw(7, 600, WORKERS, STEADY)
    assert draw(7, 600, WORKERS, STEADY) != draw(8, 600, WORKERS, STEADY)


@pytest.mark.parametrize("seed", range(20))
def test_two_minutes_hold_every_kind_there_is_time_for(seed):
    kinds = {strike.kind for strike in draw(seed, 110, WORKERS, BRIEF)}
    assert set(Kind) - kinds == BRIEF.left_out


@pytest.mark.parametrize("seed", range(20))
def test_an_hour_holds_enough_of_everything(seed):
    counts = Counter(strike.kind for strike in draw(seed, 3_600, WORKERS, STEADY))
    assert set(counts) == set(Kind)
    assert sum(counts[kind] for kind in STATE_KINDS) >= 150
    assert sum(counts[kind] for kind in ZOMBIES) >= 30


def test_the_faults_of_one_target_follow_each_other():
    lanes = {}
    for strike in draw(3, 3_600, WORKERS, STEADY):
        lanes.setdefault(strike.target, []).append(strike)
    for strikes in lanes.values():
        for first, second in itertools.pairwise(strikes):
            assert first.at_s + SECONDS.get(first.kind, 0.0) < second.at_s


def test_a_run_of_minutes_has_no_time_for_long_faults():
    assert pace_of(120) is BRIEF
    assert pace_of(600) is STEADY
