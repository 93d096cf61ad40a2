"""The commands of every gate, as data.

Owns: which tool runs with which arguments.
Never: starts a process; `run.py` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PYTEST = ("python", "-m", "pytest")
# What make check can afford.
FAST_TIERS = ("tests/unit", "tests/architecture")
EVERYDAY = "not long and not compose and not browser"


@dataclass(frozen=True, slots=True)
class Check:
    """One command; `name` is what the user reads."""

    name: str
    command: tuple[str, ...]
    heard: bool = False  # prints what it said also when all is well


STATIC_CHECKS = (
    Check("format", ("ruff", "format", "--check", ".")),
    Check("lint", ("ruff", "check", ".")),
    Check("types", ("mypy",)),
    Check("contracts", ("lint-imports",)),
    Check("drift", ("python", "-m", "schemas.generate", "--check")),
    Check("pages", ("python", "-m", "ops.drawn", "--check")),
    Check("registry", ("python", "-m", "schemas.registry", "--check")),
)
FAST_TESTS = Check("tests", (*PYTEST, "-q", "-m", "not integration", *FAST_TIERS), heard=True)
MEASURED = ("python", "-m", "coverage", "run", "-m", "pytest", "--hypothesis-profile=ci")
NO_SERVERS = ("-q", "-m", f"not integration and {EVERYDAY}")
# Thousands of runs over the same lines: counting them again would double their time.
SEEDS = (
    "tests/simulation/test_crash_points.py",
    "tests/simulation/test_planted_bugs.py",
    "tests/simulation/test_seeds.py",
)
PROPERTIES = "tests/property"
# Every cut and every flipped bit of the same bytes, odd values at the same doors: other tests reach
# the same lines.
EXHAUSTIVE = (
    "tests/contract/test_schema_golden.py",
    "tests/unit/ingress/http/test_odd_values.py",
    "tests/unit/ops/proof/test_verifier.py",
    "tests/unit/schemas/test_messages.py",
    "tests/unit/streams/wallet/test_state_size.py",
)
# They look at files of this repository, not at code that is compiled.
OF_FILES = ("tests/contract/test_schema_files.py", "tests/contract/test_site.py")
# 200,000 commands: once is enough, on compiled code where there is any.
LONG_DAYS = "tests/property/test_long_days.py"
UNMEASURED = (*SEEDS, *EXHAUSTIVE, PROPERTIES)
SERVERLESS_TESTS = Check(
    "tests",
    (
        *(*MEASURED, *NO_SERVERS, *(f"--ignore={each}" for each in UNMEASURED)),
        *("-p", "tests.support.coverage_floors", "tests"),
    ),
    heard=True,
)
# The examples of `tests/unit` reach every line of the core that the properties run through.
PROPERTY_TESTS = Check(
    "property",
    (
        *(*PYTEST, "--hypothesis-profile=ci", *NO_SERVERS, f"--ignore={LONG_DAYS}"),
        *(*EXHAUSTIVE, PROPERTIES),
    ),
    heard=True,
)
LONG_DAYS_TESTS = Check("long days", (*PYTEST, *NO_SERVERS, LONG_DAYS), heard=True)
# On compiled code, where there is any: it is what the workers run.
ON_NATIVE = ("-p", "tests.support.native_mode")
SIMULATION = Check("simulation", (*PYTEST, *NO_SERVERS, *SEEDS), heard=True)
NATIVE_SIMULATION = Check("simulation", (*SIMULATION.command, *ON_NATIVE), heard=True)
# The tests of the core once more, and both builds held against each other.
NATIVE_TESTS = Check(
    "native",
    (
        *(*PYTEST, *ON_NATIVE, "--hypothesis-profile=ci-native"),
        *("-q", "-m", f"not integration and not pure and {EVERYDAY}"),
        *("tests/unit/ledger", "tests/unit/schemas", "tests/unit/streams"),
        *("tests/contract", "tests/property", "tests/native"),
        *(f"--ignore={each}" for each in OF_FILES),
    ),
    heard=True,
)

# Where tests of servers lie: others would be collected, 42 s a process, only to be left out.
SERVERS_TESTS = ("tests/contract", "tests/simulation", "tests/integration", "tests/chaos")

# The servers' tests wait more than they compute: two processes share them, each with servers of its
# own. `tests/support/sharing.py` says what stays together.
SHARED = ("-n", "2")
SERVERS_RUN = (*PYTEST, *SHARED, "-m", f"integration and {EVERYDAY}", *SERVERS_TESTS)

# Gates of the core alone: on compiled code where there is any.
NATIVE_RUNS = ("property-long",)
# pytest is the last to speak in every gate of tests: its closing line is the gate's.
TEST_RUNS: Mapping[str, tuple[str, ...]] = {
    "unit": (*PYTEST, "-m", f"not integration and {EVERYDAY}", "tests"),
    "integration": SERVERS_RUN,
    "long": (*PYTEST, *SHARED, "-m", "long and not compose and not browser", *SERVERS_TESTS),
    "property-long": (*PYTEST, LONG_DAYS),
    # With what a client command makes on average it is a log of five million Decisions.
    "takeover": ("ledgerctl", "bench", "takeover", "--commands", "4200000"),
    "nightly": (*PYTEST, "--hypothesis-profile=nightly", PROPERTIES),
    "compose-smoke": (*PYTEST, "-m", "compose", "tests"),
    "console-browser": (*PYTEST, "-m", "browser", "tests/browser"),
    # What is left of make test: the servers' tests, alone on the machine. Not measured: the tests
    # above reach both floors, and counting lines doubles what the start of a worker costs.
    "test": (*SERVERS_RUN, "--hypothesis-profile=ci"),
}
