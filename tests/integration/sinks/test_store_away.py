"""Each store, and the broker, goes away under load and comes back: nothing is missing."""

import signal
import time

import pytest

from tests.integration.sinks.places import STORES

AWAY_S = 2.0


@pytest.mark.parametrize(
    ("store", "how"),
    [
        ("postgres", "stopped"),
        ("postgres", "killed"),
        ("cassandra", "killed"),
        ("redis", "stopped"),
        ("redis", "killed"),
    ],
)
def test_a_store_goes_away_and_comes_back(sink_stack, fed, places, store, how):
    places.start(store)
    places.wait_for(store, fed)
    fed.grow(100)
    if how == "stopped":
        sink_stack.stop(store)
    else:
        sink_stack.kill(store)
    fed.grow(300)
    time.sleep(AWAY_S)
    sink_stack.start(store)
    fed.grow(100)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)
    assert "HALTED" not in places.log()


def test_stores_that_are_away_at_the_start_are_waited_for(sink_stack, fed, places):
    places.empty_cassandra()
    for store in STORES:
        sink_stack.stop(store)
    places.start("all")
    time.sleep(AWAY_S)
    for store in STORES:
        sink_stack.start(store)
    compare(places, fed)


def test_frozen_stores_are_waited_for(sink_stack, fed, places):
    places.start("all")
    compare(places, fed)
    for store in STORES:
        sink_stack.kill(store, signal.SIGSTOP)
    fed.grow(100)
    time.sleep(AWAY_S)
    for store in STORES:
        sink_stack.kill(store, signal.SIGCONT)
    compare(places, fed)


def test_the_broker_is_restarted_under_load(sink_stack, fed, places):
    process = places.start("all")
    fed.grow(100)
    sink_stack.stop("kafka")
    time.sleep(AWAY_S)
    sink_stack.start("kafka")
    fed.grow(100)
    compare(places, fed)
    process.terminate()
    assert process.wait(30) == 0


def test_told_to_stop_while_the_stores_are_away_it_stops(sink_stack, fed, places):
    process = places.start("all")
    compare(places, fed)
    for store in STORES:
        sink_stack.stop(store)
    fed.grow(50)
    time.sleep(0.5)
    process.terminate()
    assert process.wait(40) == 0
    for store in STORES:
        sink_stack.start(store)
    places.start("all")
    compare(places, fed)


def compare(places, fed):
    for store in STORES:
        places.wait_for(store, fed)
        places.assert_holds_exactly(store, fed)
