"""Several processes on one store, by choice or by mistake: the rows are there once."""

import pytest
import redis

from tests.integration.sinks.places import STORES


@pytest.mark.parametrize("store", STORES)
def test_two_processes_on_the_same_partitions_do_no_harm(fed, places, store):
    processes = [places.start(store), places.start(store)]
    fed.grow(200)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)
    fed.grow(100)
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)
    for process in processes:
        process.terminate()
    assert [process.wait(30) for process in processes] == [0, 0]


@pytest.mark.parametrize("store", STORES)
def test_partitions_shared_out_over_two_processes(fed, places, store):
    places.start(store, "--partitions", "0-1")
    places.start(store, "--partitions", "2")
    places.wait_for(store, fed)
    places.assert_holds_exactly(store, fed)


def test_a_flushed_redis_is_filled_again_without_a_restart(fed, places):
    places.start("redis")
    places.wait_for("redis", fed)
    with redis.Redis.from_url(places.redis) as client:
        client.flushdb()
        client.script_flush()
    places.wait_for("redis", fed)
    places.assert_holds_exactly("redis", fed)


def test_all_stores_in_one_process_hold_what_the_log_says(fed, places):
    process = places.start("all")
    for store in STORES:
        places.wait_for(store, fed)
        places.assert_holds_exactly(store, fed)
    process.terminate()
    assert process.wait(30) == 0
