"""The same seed is the same run: in this process, in another, under any hash seed."""

import json
import os
import subprocess
import sys

import pytest

from ops.simulate.run import simulate

STEPS = 600


def elsewhere(seed, hash_seed):
    """Run a seed in a process of its own; return its digest."""
    command = ["-m", "ops.cli", "simulate", "--seed", str(seed), "--steps", str(STEPS)]
    done = subprocess.run(
        [sys.executable, *command, "--trace", "--json"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)["digest"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_seed_runs_the_same_way_twice(seed):
    assert simulate(seed, STEPS) == simulate(seed, STEPS)


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_a_seed_runs_the_same_way_in_another_process(hash_seed):
    assert elsewhere(7, hash_seed) == simulate(7, STEPS).digest


def test_seeds_differ():
    assert simulate(1, STEPS).digest != simulate(2, STEPS).digest
