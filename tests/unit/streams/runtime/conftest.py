"""A fake world for every test of the runtime."""

import pytest

from streams.runtime.fakes import FakeCluster
from streams.runtime.fakes_local import FakeWorker
from tests.unit.streams.runtime.counter import counter_job
from tests.unit.streams.runtime.snapshot_owners import Owner


@pytest.fixture
def cluster():
    return FakeCluster()


@pytest.fixture
def worker(cluster, tmp_path):
    return FakeWorker(cluster, counter_job(), tmp_path)


@pytest.fixture
def say(cluster, worker):
    def produce(*words, topic="words.v1"):
        for word in words:
            cluster.produce(topic, 0, word, b"", worker.clock.wall_us())

    return produce


@pytest.fixture
def run(worker):
    def started_and_worked():
        runner = worker.started()
        worker.work(runner)
        return runner

    return started_and_worked


@pytest.fixture
def owners(tmp_path):
    made = []

    def owner(name, writer=None):
        made.append(Owner(tmp_path / "shared", tmp_path / name, writer))
        return made[-1]

    yield owner
    for each in made:
        each.store.close()
