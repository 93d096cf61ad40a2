"""What `python -m sinks` says when it cannot do what it was asked."""

import os
import subprocess
import sys

import pytest
from confluent_kafka.admin import AdminClient

from tests.integration.sinks.feeding import FedLog
from tests.integration.sinks.places import Places
from tests.support.stack import running_stack, wait_until
from topics.catalog import EVENTS

AWAY = "127.0.0.1:1"


def run(*arguments, **env):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    return subprocess.run(
        [sys.executable, "-m", "sinks", *arguments],
        env={**kept, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "env", "said"),
    [
        (["postgres"], {}, "LEDGER_KAFKA is missing"),
        (["redis"], {"LEDGER_KAFKA": AWAY}, "LEDGER_REDIS is missing"),
        (["redis"], {"LEDGER_KAFKA": AWAY, "LEDGER_REDISS": "x"}, "unknown setting LEDGER_REDISS"),
        (["oracle"], {"LEDGER_KAFKA": AWAY}, "invalid choice"),
        (["webhooks"], {"LEDGER_KAFKA": AWAY}, "LEDGER_POSTGRES is missing"),
        (["webhooks", "--first-s", "0"], {"LEDGER_KAFKA": AWAY}, "above 0"),
        (["webhooks", "--attempts", "99"], {"LEDGER_KAFKA": AWAY}, "invalid choice"),
        (["lake"], {"LEDGER_KAFKA": AWAY}, "LEDGER_LAKE is missing"),
        (["lake", "--tables", "balances"], {"LEDGER_KAFKA": AWAY}, "invalid choice"),
        (["redis", "--partitions", "x"], {"LEDGER_KAFKA": AWAY}, "0-3,7"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(arguments, env, said):
    ended = run(*arguments, **env)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_broker_that_is_away_is_named_and_waited_for(places):
    places.endpoints = type(places.endpoints)(
        kafka=AWAY, redis=places.endpoints.redis, postgres=places.endpoints.postgres
    )
    process = places.start("redis")
    wait_until(lambda: AWAY in places.log() and "attempt 1" in places.log(), 60)
    assert process.poll() is None
    process.terminate()
    assert process.wait(30) == 0


def test_a_partition_the_topic_does_not_have(fed, places):
    process = places.start("redis", "--partitions", "9")
    assert process.wait(30) == 2
    assert "partition 9 asked for, the topic has 3" in places.log()


def test_a_recreated_topic_halts_instead_of_mixing_two_ledgers(tmp_path):
    with running_stack("kafka", "redis") as stack:
        log = FedLog(stack.endpoints.kafka)
        log.grow(30)
        places = Places(stack.endpoints, tmp_path)
        try:
            places.start("redis")
            places.wait_for("redis", log)
            places.processes[0].terminate()
            places.processes[0].wait(30)
            admin = AdminClient({"bootstrap.servers": stack.endpoints.kafka})
            admin.delete_topics([EVENTS.name])[EVENTS.name].result(30)
            wait_until(lambda: EVENTS.name not in admin.list_topics(timeout=10).topics)
            FedLog(stack.endpoints.kafka).grow(10)
            process = places.start("redis")
            wait_until(lambda: places.log().count("HALTED") == len(log.logs), 60)
            assert "TopicReplaced" in places.log()
            process.terminate()
            assert process.wait(30) == 1
            places.assert_holds_exactly("redis", log)
        finally:
            places.close()
