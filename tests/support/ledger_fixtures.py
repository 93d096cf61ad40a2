"""The running ledger as a fixture: one for the whole run, checked when the last journey is through.

Owns: its life. Never: imports a driver before a test asks for the ledger: unit tests need none.
"""

import pytest


@pytest.fixture(scope="session")
def shared_ledger(ledger_stack):
    """The ledger of the run, on the shared stack."""
    from tests.support.running import RunningLedger  # noqa: PLC0415 - see above

    ledger = RunningLedger(ledger_stack)
    yield ledger
    try:
        if not ledger.compared():
            ledger.compare()
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def ledger(shared_ledger):
    """The shared ledger; a difference names wallet and command, and so the journey."""
    return shared_ledger
