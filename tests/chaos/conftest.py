"""What the journeys of chaos share: one ledger, compared as a whole when a module is through.

Every journey ends at rest, with customers of its own. Nothing writes to a row of theirs later, so
what one journey left wrong is still wrong, and named, when its module ends.
"""

import os

import pytest

from tests.support.untraced import untraced

MEASURING = "COVERAGE_PROCESS_CONFIG"


@pytest.fixture(scope="session", autouse=True)
def unmeasured():
    """Measure no process from here on: SIGKILL takes what was counted, and counting slows all."""
    told = os.environ.pop(MEASURING, None)
    yield
    if told is not None:
        os.environ[MEASURING] = told


@pytest.fixture(scope="module")
def ledger(shared_ledger):
    """The shared ledger; after the module everything is compared with everything.

    Untraced: the witness folds every Decision of the log, as it did in the journeys before.
    """
    with untraced():
        yield shared_ledger
        shared_ledger.compare()
