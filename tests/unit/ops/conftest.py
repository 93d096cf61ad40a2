"""What an operator did is sent to a broker that a test has in its hand: none is waited for."""

import pytest

from ops.acts import sending
from tests.unit.ops.kafka_doubles import FakeProducer


@pytest.fixture(autouse=True)
def acts(monkeypatch):
    """The producer that takes records of acts."""
    producer = FakeProducer()
    monkeypatch.setattr(sending, "actor_producer", lambda _address: producer)
    return producer
