"""One stack and one growing log for the journeys of this folder; every journey has empty stores.

The stack is their own, because they stop and kill servers.
"""

import pytest

from tests.integration.sinks.feeding import FedLog
from tests.integration.sinks.places import Places
from tests.support.stack import running_stack


@pytest.fixture(scope="session")
def sink_stack():
    with running_stack() as stack:
        yield stack


@pytest.fixture(scope="session")
def fed(sink_stack):
    log = FedLog(sink_stack.endpoints.kafka)
    log.grow(400)
    return log


@pytest.fixture
def places(sink_stack, tmp_path):
    """Empty stores, and the sinks a test starts on them; all ended with the test."""
    made = Places(sink_stack.endpoints, tmp_path)
    yield made
    made.close()
