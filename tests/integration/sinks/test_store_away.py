"""Each store, and the broker, goes away under load and comes back: nothing is missing."""

import signal
import time

import pytest

from tests.integration.sinks.places import STORES

AWAY_S = 2.0


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_a_store_goes_away_and_comes_back(sink_stack, fed, places, store, how):
    process = places.start(store)
    places.wait_for(store, fed)
    fed.grow(100)
    if how == "stopped":
        sink_stack.stop(store)
    else:
        sink_stack.kill(store)
    fed.grow(300)
    time.sleep(AWAY_S)
    assert process.poll() is None, "waits for its store"
    sink_stack.start(store)
    fed.grow(100)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)
    assert "HALTED" not in places.log()


@pytest.mark.parametrize("store", STORES)
def test_a_store_that_is_away_at_the_start_is_waited_for(sink_stack, fed, places, store):
    sink_stack.stop(store)
    process = places.start(store)
    time.sleep(AWAY_S)
    assert process.poll() is None
    sink_stack.start(store)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)


@pytest.mark.parametrize("store", STORES)
def test_a_frozen_store_is_waited_for(sink_stack, fed, places, store):
    places.start(store)
    places.wait_for(store, fed)
    sink_stack.kill(store, signal.SIGSTOP)
    fed.grow(100)
    time.sleep(AWAY_S)
    sink_stack.kill(store, signal.SIGCONT)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)


def test_the_broker_is_restarted_under_load(sink_stack, fed, places):
    process = places.start("all")
    fed.grow(100)
    sink_stack.stop("kafka")
    time.sleep(AWAY_S)
    sink_stack.start("kafka")
    fed.grow(100)
    for store in STORES:
        places.wait_for(store, fed)
        places.assert_holds_exactly(store, fed)
    process.terminate()
    assert process.wait(30) == 0


@pytest.mark.parametrize("store", STORES)
def test_told_to_stop_while_the_store_is_away_it_stops(sink_stack, fed, places, store):
    process = places.start(store)
    places.wait_for(store, fed)
    sink_stack.stop(store)
    fed.grow(50)
    time.sleep(0.5)
    process.terminate()
    assert process.wait(30) == 0
    sink_stack.start(store)
    places.start(store)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)
