"""What the Cassandra sink sends together is what a server with its own settings is content with."""

import pytest

from ledger.history import group_by_key
from sinks.cassandra.requests import BYTES_PER_REQUEST, KEYS_PER_REQUEST, requests_of
from tests.integration.sinks.store_backends import SERVERS
from tests.unit.sinks.sample_log import SampleLog


@pytest.fixture
def cassandra(ledger_stack):
    fresh = SERVERS["cassandra"](ledger_stack.endpoints)
    yield fresh
    fresh.drop()


@pytest.fixture
def warnings_of(cassandra):
    sink = cassandra.open()

    def ask(request):
        future = sink._session.execute_async(sink._statement(request))
        future.result()
        return future.warnings or []

    return ask


@pytest.fixture(scope="module")
def requests():
    log = SampleLog(partition=2, seed=7, wallets=300).day(900)
    grouped = group_by_key(log.decisions)
    return requests_of(grouped, list(grouped))


def bytes_of(request):
    return sum(len(value) for _, values in request for value in values)


def test_no_request_brings_a_warning(warnings_of, requests):
    shared = [each for each in requests if len({values[0] for _, values in each}) > 1]
    assert max(map(bytes_of, shared)) > BYTES_PER_REQUEST / 3, "some are full"
    assert max(map(len, shared)) >= KEYS_PER_REQUEST
    assert [warning for request in requests for warning in warnings_of(request)] == []


def test_twice_as_much_would_bring_one(warnings_of, requests):
    fullest = sorted(requests, key=bytes_of)[-2:]
    assert warnings_of([put for request in fullest for put in request]) != []
