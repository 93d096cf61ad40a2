"""`python -m streams` at its start: what it refuses, and what it says."""

import json
import os
import socket
import subprocess
import sys

import pytest
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
)

from ops.stack.workers import HOME
from streams.runtime.host.exits import ExitCode
from streams.wallet.job import WalletJob
from tests.integration.host.herd import create_topics
from tests.support.stack import wait_until
from topics.catalog import COMMANDS, LEGS

# The legs are an input and an output.
NEEDED = tuple(dict.fromkeys((*WalletJob.inputs, WalletJob.log, *WalletJob.outputs)))
DEADLINE_S = 30


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
    wait_until(lambda: "trying again" in (tmp_path / "out").read_text())
    process.terminate()
    assert process.wait(DEADLINE_S) == ExitCode.CLEAN


def test_an_unreachable_broker_is_named_and_tried_again(tmp_path, closed_port):
    process = start(f"127.0.0.1:{closed_port}", tmp_path)
    wait_until(lambda: (tmp_path / "out").read_text().count("trying again") >= 2)
    process.terminate()
    code, said = ended(process, tmp_path)
    assert f"Kafka at 127.0.0.1:{closed_port} does not answer" in said
    assert code == ExitCode.CLEAN


def test_from_missing_topics_to_a_running_worker(kafka, tmp_path):
    code, said = ended(start(kafka, tmp_path), tmp_path)
    assert code == ExitCode.CLUSTER
    assert all(f"topic {topic.name}: missing" in said for topic in NEEDED)

    counts = {topic.name: 4 for topic in NEEDED if topic is not LEGS} | {LEGS.name: 3}
    create_topics(kafka, counts, config={})
    code, said = ended(start(kafka, tmp_path), tmp_path)
    assert code == ExitCode.CLUSTER
    assert f"topic {COMMANDS.name}: expected 3 partitions like {LEGS.name}, found 4" in said
    assert f"topic {COMMANDS.name}: expected message.timestamp.type=LogAppendTime, found" in said

    repair(kafka)
    process = start(kafka, tmp_path)
    try:
        wait_until(lambda: ready(tmp_path), DEADLINE_S)
        other = tmp_path / "other"
        other.mkdir()
        code, said = ended(start(kafka, other, LEDGER_STATE_DIR=str(tmp_path)), other)
        assert code == ExitCode.STATE_LOCKED
        assert f"held by another worker (process {process.pid})" in said
    finally:
        process.terminate()
        assert process.wait(DEADLINE_S) == ExitCode.CLEAN


def repair(kafka):
    admin = AdminClient({"bootstrap.servers": kafka})
    for made in admin.create_partitions([NewPartitions(LEGS.name, 4)]).values():
        made.result()
    entry = ConfigEntry(
        "message.timestamp.type",
        "LogAppendTime",
        incremental_operation=AlterConfigOpType.SET,
    )
    timed = [topic.name for topic in NEEDED if topic.log_append_time]
    resources = [
        ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=[entry])
        for name in timed
    ]
    for made in admin.incremental_alter_configs(resources).values():
        made.result()


def ready(folder):
    path = folder / "one" / "status.json"
    return path.exists() and json.loads(path.read_text())["ready"]
