"""Compiled or not, the same commands leave the same log and the same rows, byte for byte."""

import json
import os
import subprocess
import sys

COMMANDS = 100_000


def day_of(seed, **more):
    done = subprocess.run(
        (sys.executable, "-m", "tests.native.day", str(COMMANDS), str(seed)),
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_day_of_commands_is_decided_and_folded_alike(request):
    seed = request.config.getoption("randomly_seed", default=7)
    compiled, *native = day_of(seed)
    interpreted, *pure = day_of(seed, LEDGER_PURE="1")
    assert (compiled, interpreted) == ("native", "pure (LEDGER_PURE=1)")
    assert native == pure, f"seed {seed}"
    decisions, _, led, followed = pure
    assert decisions >= COMMANDS
    assert led == followed
