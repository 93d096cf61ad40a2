"""How a worker starts: what it waits for, and what it gives up on."""

import asyncio
import signal

import pytest

from streams.runtime.host import worker
from streams.runtime.host.cluster import ClusterAwayError, ClusterUnfitError
from streams.runtime.host.exits import ExitCode
from streams.runtime.host.faust_app import Membership, build_app
from streams.runtime.host.worker import Surroundings, Worker
from tests.unit.streams.host.fakes import INPUTS, Left


def membership(folder):
    return Membership("127.0.0.1:1", "test-wallet", "w", 3.0, INPUTS, folder)


def surroundings(check, delay_s=0.0):
    def make_runner(partitions):
        raise AssertionError("not reached")

    return Surroundings(check, make_runner, lambda: delay_s, Left(), {}, lambda: 0)


def serve(folder, around, signals_after=None):
    async def run():
        loop = asyncio.get_running_loop()
        if signals_after is not None:
            loop.call_later(signals_after, signal.raise_signal, signal.SIGTERM)
        return await Worker(membership(folder), around).serve()

    return asyncio.run(run())


def test_an_unfit_cluster_is_given_up(tmp_path, caplog):
    def check():
        raise ClusterUnfitError("topic x: missing")

    assert serve(tmp_path, surroundings(check)) is ExitCode.CLUSTER
    assert "topic x: missing" in caplog.text


def test_a_cluster_that_is_away_is_tried_again(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(worker, "RETRY_FIRST_S", 0.001)
    answers = iter([ClusterAwayError("h:1 away"), ClusterAwayError("h:1 away"), None])

    def check():
        answer = next(answers)
        raise answer or ClusterUnfitError("there at last")

    assert serve(tmp_path, surroundings(check)) is ExitCode.CLUSTER
    assert caplog.text.count("h:1 away; trying again") == 2


@pytest.mark.parametrize("delay_s", [60.0, 0.0])
def test_told_to_stop_while_waiting(tmp_path, delay_s):
    def check():
        raise ClusterAwayError("away")

    assert serve(tmp_path, surroundings(check, delay_s), 0.05) is ExitCode.CLEAN


def test_the_app_has_the_settings_exactly_once_needs(tmp_path):
    app = build_app(membership(tmp_path), lambda partition, host: None, Left())
    app.finalize()
    conf = app.conf
    assert str(conf.broker[0]) == "ledgerkafka://127.0.0.1:1"
    assert conf.processing_guarantee.value == "at_least_once"
    assert conf.broker_session_timeout == 3.0
    assert conf.consumer_group_instance_id is None
    assert conf.agent_supervisor.__name__ == "CrashingSupervisor"
    assert not conf.stream_wait_empty
    assert not conf.worker_redirect_stdouts
    assert not conf.topic_allow_declare
    (agent,) = app.agents.values()
    assert agent.isolated_partitions
    assert set(agent.get_topic_names()) == set(INPUTS)
    assert not agent.channel.acks
