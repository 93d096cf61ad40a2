"""A write that the network kept back and delivers late: the store does not go back."""

import pytest

from tests.contract.test_store_conformance import batches, end_of, fill
from tests.integration.sinks.store_backends import SERVERS
from tests.unit.sinks.sample_log import SampleLog


@pytest.fixture
def cassandra(ledger_stack):
    fresh = SERVERS["cassandra"](ledger_stack.endpoints)
    yield fresh
    fresh.drop()


def test_a_position_of_cassandra_that_arrives_late_changes_nothing(cassandra):
    log = SampleLog(partition=2, seed=7).day(100, group=12)
    sink = cassandra.open()
    fill(sink, log, [3])
    early = next(iter(batches(log, [3]))).after
    sink._move(log.partition, early)
    assert sink.position(log.partition) == end_of(log)
