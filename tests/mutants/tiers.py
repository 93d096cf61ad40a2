"""The tiers that a mutant is shown: each runs in the copy and says red or green.

Owns: their commands; each is, or is a part of, what `make test` runs.
Never: counts an error of the tools as a find: pytest says 1 for a red test, and more for the rest.
"""

import subprocess
import sys
import time
from dataclasses import dataclass

from tests.simulation.planting import UNMEASURED

PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
SIMULATE = ("-m", "ops.cli", "simulate", "--json")
SEEDS = 120
# A copy has no build of its own, and its lines are not ours to be measured.
PURE = {**UNMEASURED, "LEDGER_PURE": "1"}


@dataclass(frozen=True)
class Tier:
    """A tier: its name in the matrix, and its command below the interpreter."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What a tier said of a copy, and after how long."""

    red: bool
    seconds: float


TIERS = (
    Tier("unit", (*PYTEST, "-m", "not integration", "tests/unit")),
    Tier(
        "behaviours",
        (*PYTEST, "-m", "not integration", "tests/simulation/test_broker_behaviour.py"),
    ),
    Tier("seeds", (*SIMULATE, "--seeds", str(SEEDS), "--no-shrink")),
    Tier("wakes", (*SIMULATE, "--crash-points", "wakes")),
    Tier("property", (*PYTEST, "-m", "not integration", "tests/property", "tests/contract")),
    Tier(
        "stores",
        (
            *(*PYTEST, "-m", "integration", "tests/contract/test_store_conformance.py"),
            "tests/integration/sinks/test_late_writes.py",
        ),
    ),
)


def run(tier, folder):
    """Run a tier in a copy. Raises `RuntimeError` when it did not come to a verdict."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *tier.command],
        cwd=folder,
        env=PURE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        message = f"{tier.name} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return Verdict(done.returncode == 1, time.monotonic() - began)
