"""The frame of every test run: order of tiers, printed seed, hypothesis profiles, markers.

Owns: what holds for all tests alike.
Never: a fixture of one tier; those live in the tier's own conftest.
"""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The servers and the ledger that integration, chaos and bench share.
pytest_plugins = [
    "tests.support.stack",
    "tests.support.ledger_fixtures",
    "tests.support.aloud",
    "tests.support.at_once",
    "tests.support.crash_points",
    "tests.support.sharing",
]

TESTS = Path(__file__).parent
# They need compiled code; `ops.gates` runs them with the plugin that sees to it.
collect_ignore = [] if "tests.support.native_mode" in sys.modules else ["native"]
# Cheapest first: inside a tier the order is random, between tiers it is not.
TIERS = (
    "unit",
    "architecture",
    "contract",
    "native",
    "property",
    "simulation",
    "integration",
    "chaos",
    "bench",
)
SERVER_TIERS = frozenset({"integration", "chaos", "bench"})

# No deadline anywhere: a shared two-core machine pauses when it likes.
settings.register_profile("dev", max_examples=50, deadline=None, print_blob=True)
# The gates decide the same about the same code, whoever runs them; new examples are tried by every
# run of a developer's and, by thousands, by `make nightly`.
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("ci-native", max_examples=20, deadline=None, derandomize=True)
settings.register_profile(
    "nightly",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("dev")


def pytest_itemcollected(item):
    """Mark at once: what -m leaves out is decided before the order is."""
    if tier_of(item) in SERVER_TIERS:
        item.add_marker(pytest.mark.integration)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: rank_of(tier_of(item)))


def pytest_terminal_summary(terminalreporter, config):
    seed = config.getoption("randomly_seed", default=None)
    terminalreporter.write_line(f"random order: repeat it with --randomly-seed={seed}")


def tier_of(item):
    relative = item.path.relative_to(TESTS) if item.path.is_relative_to(TESTS) else item.path
    return relative.parts[0]


def rank_of(tier):
    return TIERS.index(tier) if tier in TIERS else len(TIERS)
