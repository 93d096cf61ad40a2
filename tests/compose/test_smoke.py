"""docker-compose.yml on a real Docker engine: builds, becomes healthy, has the ledger's topics.

Run by `make compose-smoke`; not part of `make test`.
"""

import subprocess

import psycopg
import pytest
import redis
from confluent_kafka.admin import AdminClient
from testcontainers.compose import DockerCompose

from ops.stack.workers import HOME
from tests.support.stack import wait_until
from topics.catalog import TOPICS

pytestmark = [pytest.mark.compose, pytest.mark.timeout(1800)]

DEADLINE_S = 30
START_DEADLINE_S = 600
CHECKED = (
    "kafka",
    "postgres",
    "redis",
    "cassandra",
    "worker-1",
    "worker-2",
    "settlement",
    "automation",
    "facts",
    "match",
    "stores",
    "scheduler",
    "publish",
    "risk",
)


def engine_answers():
    try:
        asked = subprocess.run(
            ("docker", "info"), capture_output=True, timeout=DEADLINE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


@pytest.fixture(scope="module")
def compose():
    if not engine_answers():
        pytest.skip("no Docker engine answers here")
    # Not compose's own `--wait`: to some versions the end of the one-shot `topics` is a failure.
    stack = DockerCompose(
        context=HOME,
        compose_file_name="docker-compose.yml",
        profiles=["core", "cassandra"],
        build=True,
        wait=False,
        keep_volumes=False,
    )
    with stack:
        wait_until(lambda: all_healthy(stack), START_DEADLINE_S)
        yield stack


def all_healthy(stack):
    found = {each.Service: each.Health for each in stack.get_containers()}
    return all(found.get(name) == "healthy" for name in CHECKED)


def test_every_service_runs(compose):
    states = {each.Service: each.State for each in compose.get_containers()}
    assert {name: state for name, state in states.items() if state != "running"} == {}
    assert {*CHECKED, "sink-postgres", "sink-redis", "sink-cassandra"} <= set(states)


def test_the_topics_of_the_catalogue_exist(compose):
    admin = AdminClient({"bootstrap.servers": "127.0.0.1:19092"})
    assert {topic.name for topic in TOPICS} <= admin.list_topics(DEADLINE_S).topics.keys()


def test_the_stores_answer_from_outside(compose):
    with psycopg.connect("postgresql://ledger:ledger@127.0.0.1:15432/ledger") as connection:
        assert connection.execute("SHOW server_version_num").fetchone()[0].startswith("18")
    with redis.Redis(port=16379) as client:
        assert client.ping()
