"""The running ledger as fixtures: one for the whole run, compared whenever a journey is through.

Owns: its life. Never: imports a driver before a test asks for the ledger: unit tests need none.
"""

import pytest


@pytest.fixture(scope="session")
def shared_ledger(ledger_stack):
    """The ledger of the run, on the shared stack."""
    from tests.support.running import RunningLedger  # noqa: PLC0415 - see above

    ledger = RunningLedger(ledger_stack)
    yield ledger
    ledger.close()


@pytest.fixture(scope="module")
def ledger(shared_ledger):
    """The shared ledger; when a journey's file is through, everything is compared."""
    yield shared_ledger
    shared_ledger.compare()
