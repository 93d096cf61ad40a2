"""`python -m streams` at its start: what it refuses, and what it says."""

import os
import socket
import subprocess
import sys

import pytest

from ops.stack.workers import HOME
from streams.runtime.host.exits import ExitCode
from tests.integration.host.herd import create_topics
from tests.support.stack import running_stack, wait_until
from topics.catalog import COMMANDS, LEGS, TOPICS

DEADLINE_S = 30


@pytest.fixture
def own_kafka():
    with running_stack("kafka") as stack:
        yield stack.endpoints.kafka


@pytest.fixture
def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def start(kafka, folder, **more):
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
    own = {
        "LEDGER_KAFKA": kafka,
        "LEDGER_STATE_DIR": str(folder),
        "LEDGER_WORKER": "one",
        "PYTHONPATH": str(HOME),
    }
    with (folder / "out").open("wb") as out:
        return subprocess.Popen(
            (sys.executable, "-m", "streams"), cwd=HOME, env={**env, **own, **more}, stderr=out
        )


def ended(process, folder):
    return process.wait(DEADLINE_S), (folder / "out").read_text()


def test_unknown_setting_is_named(tmp_path):
    code, said = ended(start("127.0.0.1:1", tmp_path, LEDGER_KAFAK="x"), tmp_path)
    assert code == ExitCode.SETTINGS
    assert "unknown setting LEDGER_KAFAK" in said


def test_settings_of_sister_shells_are_known(tmp_path, closed_port):
    process = start(f"127.0.0.1:{closed_port}", tmp_path, LEDGER_POSTGRES="postgresql://x")
    wait_until(lambda: "settings {" in (tmp_path / "out").read_text())
    process.terminate()
    assert process.wait(DEADLINE_S) == ExitCode.CLEAN


def test_an_unreachable_broker_is_named_and_tried_again(tmp_path, closed_port):
    process = start(f"127.0.0.1:{closed_port}", tmp_path)
    wait_until(lambda: (tmp_path / "out").read_text().count("trying again") >= 2)
    process.terminate()
    code, said = ended(process, tmp_path)
    assert f"Kafka at 127.0.0.1:{closed_port} does not answer" in said
    assert code == ExitCode.CLEAN


def test_topics_are_checked(own_kafka, tmp_path):
    code, said = ended(start(own_kafka, tmp_path), tmp_path)
    assert code == ExitCode.CLUSTER
    assert all(f"topic {topic.name}: missing" in said for topic in TOPICS)
    counts = {topic.name: 4 for topic in TOPICS if topic is not LEGS} | {LEGS.name: 3}
    create_topics(own_kafka, counts, config={})
    code, said = ended(start(own_kafka, tmp_path), tmp_path)
    assert code == ExitCode.CLUSTER
    assert "topic wallet.commands.v1: expected 3 partitions like ledger.legs.v1, found 4" in said
    assert (
        f"topic {COMMANDS.name}: expected message.timestamp.type=LogAppendTime, found CreateTime"
        in said
    )


def test_a_state_folder_has_one_worker(own_kafka, tmp_path):
    create_topics(own_kafka, {topic.name: 2 for topic in TOPICS})
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    process = start(own_kafka, first)
    try:
        status = first / "one" / "status.json"
        wait_until(status.exists)
        code, said = ended(start(own_kafka, second, LEDGER_STATE_DIR=str(first)), second)
    finally:
        process.terminate()
        assert process.wait(DEADLINE_S) == ExitCode.CLEAN
    assert code == ExitCode.STATE_LOCKED
    assert f"held by another worker (process {process.pid})" in said
