"""One Kafka for all journeys of the host; each journey has topics, group and folder of its own."""

import pytest

from tests.integration.host.herd import Herd
from tests.support.stack import running_stack


@pytest.fixture(scope="session")
def kafka():
    with running_stack("kafka") as stack:
        yield stack.endpoints.kafka


@pytest.fixture
def herd(kafka, tmp_path):
    with Herd(kafka, tmp_path) as herd:
        yield herd
