"""Broker and stores stopped and started under load: waited for, nothing lost, nothing twice."""

import pytest

from tests.support.load import Load


def test_a_broker_that_restarts_loses_no_command(ledger):
    with Load(ledger) as load:
        load.more()
        ledger.stack.stop("kafka")
        ledger.stack.start("kafka")
        load.more()
        ledger.wait_running("worker-1", "worker-2")
    ledger.quiesce()


def test_a_broker_killed_outright_loses_no_command(ledger):
    with Load(ledger) as load:
        load.more()
        ledger.stack.kill("kafka")
        ledger.stack.start("kafka")
        load.more()
        ledger.wait_running("worker-1", "worker-2")
    ledger.quiesce()


@pytest.mark.parametrize("store", ["postgres", "cassandra", "redis"])
def test_a_store_away_is_waited_for(ledger, store):
    since = ledger.sinks[store].report().restarts
    with Load(ledger) as load:
        load.more()
        ledger.stack.stop(store)
        load.more()  # deciding does not wait for a store
        ledger.stack.start(store)
        load.more()
    assert ledger.sinks[store].report().restarts == since, "its sink should have waited"
    ledger.quiesce()


def test_every_store_killed_outright_is_level_again(ledger):
    with Load(ledger) as load:
        load.more()
        for store in ledger.sinks:
            ledger.stack.kill(store)
        load.more()
        for store in ledger.sinks:
            ledger.stack.start(store)
        load.more()
    ledger.quiesce()
