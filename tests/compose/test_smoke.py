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
from topics.catalog import TOPICS

pytestmark = [pytest.mark.compose, pytest.mark.timeout(1800)]

DEADLINE_S = 30


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
    # `wait` returns when every service with a health check is healthy.
    stack = DockerCompose(
        context=HOME,
        compose_file_name="docker-compose.yml",
        profiles=["core", "cassandra"],
        build=True,
        wait=True,
        keep_volumes=False,
    )
    with stack:
        yield stack


def test_every_service_runs(compose):
    states = {each.Service: each.State for each in compose.get_containers()}
    assert {name: state for name, state in states.items() if state != "running"} == {}
    assert {"kafka", "postgres", "redis", "cassandra", "worker-1", "sink-postgres"} <= set(states)


def test_the_topics_of_the_catalogue_exist(compose):
    admin = AdminClient({"bootstrap.servers": "127.0.0.1:19092"})
    assert {topic.name for topic in TOPICS} <= admin.list_topics(DEADLINE_S).topics.keys()


def test_the_stores_answer_from_outside(compose):
    with psycopg.connect("postgresql://ledger:ledger@127.0.0.1:15432/ledger") as connection:
        assert connection.execute("SHOW server_version_num").fetchone()[0].startswith("18")
    with redis.Redis(port=16379) as client:
        assert client.ping()
