"""Several processes on one store, by choice or by mistake: the rows are there once."""

import threading

import psycopg
import redis
from alembic.script import ScriptDirectory

from sinks.postgres.migrate import MIGRATIONS, migrate
from tests.integration.sinks.places import STORES


def test_two_processes_on_the_same_partitions_do_no_harm(fed, places):
    processes = [places.start("all"), places.start("all")]
    fed.grow(200)
    for store in STORES:
        places.wait_for(store, fed)
        places.assert_holds_exactly(store, fed)
    fed.grow(100)
    for store in STORES:
        places.wait_for(store, fed)
        places.assert_holds_exactly(store, fed)
    for process in processes:
        process.terminate()
    assert [process.wait(30) for process in processes] == [0, 0]


def test_partitions_shared_out_over_two_processes(fed, places):
    places.start("all", "--partitions", "0-1")
    places.start("all", "--partitions", "2")
    for store in STORES:
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


def test_processes_that_start_together_migrate_once(places):
    errors = []

    def start():
        try:
            migrate(places.postgres)
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with psycopg.connect(places.postgres) as connection:
        (versions,) = connection.execute("SELECT array_agg(version_num) FROM alembic_version")
    assert versions == ([ScriptDirectory(MIGRATIONS).get_current_head()],)
