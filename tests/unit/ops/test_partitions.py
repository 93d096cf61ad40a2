"""`partitions status|release`: what state folders say, and a release that is recorded."""

import json
import time

import pytest

from ops.cli import main
from ops.partitions.plan import halts, rows

HALT = {
    "error": "InvariantError",
    "message": "decide: balances do not match",
    "record": {"topic": "wallet.commands.v1", "partition": 2, "offset": 41},
}


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))
    return tmp_path


def write_status(state, at_us, worker="w1", **partitions):
    folder = state / worker
    folder.mkdir(exist_ok=True)
    status = {"at_us": at_us, "job": "wallet", "partitions": partitions}
    (folder / "status.json").write_text(json.dumps(status))


def halt(state, partition=2, worker="w1"):
    folder = state / worker / "wallet" / str(partition)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "halted.json").write_text(json.dumps(HALT))
    return folder / "halted.json"


def test_living_gone_and_halted_partitions(state):
    write_status(state, 100_000_000, **{"10": {"state": "running"}, "9": {"state": "recovering"}})
    write_status(state, 1, worker="w2", **{"0": {"state": "running"}})
    halt(state, worker="w3")
    found = rows(state, 101_000_000)
    assert [(row["worker"], row["partition"], row["state"]) for row in found] == [
        ("w1", 9, "recovering"),
        ("w1", 10, "running"),
        ("w2", 0, "gone"),
        ("w3", 2, "halted"),
    ]
    assert found[3]["trouble"] == HALT["message"]


def test_half_written_and_foreign_files_are_left_out(state):
    (state / "w1").mkdir()
    (state / "w1" / "status.json").write_text("{")
    (state / "w1" / "wallet" / "tmp").mkdir(parents=True)
    (state / "w1" / "wallet" / "tmp" / "halted.json").write_text("{}")
    assert rows(state, 1) == []
    assert halts(state) == []


def test_status_exits_1_when_a_partition_is_halted(state, capsys):
    write_status(state, time.time_ns() // 1000, **{"0": {"state": "running"}})
    assert main(["partitions", "status", "--json"]) == 0
    halt(state)
    assert main(["partitions", "status", "--json"]) == 1
    assert "halted" in capsys.readouterr().out


def test_a_release_prints_its_plan_first(state, capsys):
    file = halt(state)
    assert main(["partitions", "release", "2"]) == 0
    shown = capsys.readouterr().out
    assert "release w1 wallet 2: decide: balances do not match" in shown
    assert "wallet.commands.v1[2] offset 41" in shown
    assert "nothing was done: add --execute" in shown
    assert file.exists()


def test_a_release_needs_a_reason(state, capsys):
    file = halt(state)
    assert main(["partitions", "release", "2", "--execute"]) == 2
    assert "--execute needs --reason" in capsys.readouterr().err
    assert file.exists()


def test_a_release_is_done_and_recorded(state):
    file = halt(state)
    other = halt(state, partition=3)
    assert main(["partitions", "release", "2", "--execute", "--reason", "fixed in 0.1.1"]) == 0
    assert not file.exists()
    assert other.exists()
    (line,) = (state / "operations.jsonl").read_text().splitlines()
    recorded = json.loads(line)
    assert recorded["reason"] == "fixed in 0.1.1"
    assert recorded["what"].startswith("release w1 wallet 2")
    assert recorded["who"]


def test_a_partition_that_is_not_halted_cannot_be_released(state, capsys):
    halt(state)
    assert main(["partitions", "release", "7"]) == 1
    assert main(["partitions", "release", "2", "--worker", "w9"]) == 1
    assert "partition 7 of wallet is not halted" in capsys.readouterr().err
