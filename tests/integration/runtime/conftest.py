"""Topics of one's own on the shared broker."""

import pytest

from tests.integration.runtime.rig import Topics


@pytest.fixture
def servers(ledger_stack):
    return ledger_stack.endpoints.kafka


@pytest.fixture
def topics(servers):
    return Topics(servers)
