"""What the journeys of chaos share: one ledger, compared as a whole when a module is through.

Every journey ends at rest, with customers of its own. Nothing writes to a row of theirs later, so
what one journey left wrong is still wrong, and named, when its module ends.
"""

import pytest


@pytest.fixture(scope="module")
def ledger(shared_ledger):
    """The shared ledger; after the module everything is compared with everything."""
    yield shared_ledger
    shared_ledger.compare()
