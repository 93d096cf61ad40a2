"""The words of `ledgerctl stack` and their exit codes, without any server."""

import json
import os

import pytest
from click.testing import CliRunner

from ops.stack import control
from ops.stack.command import stack
from ops.stack.config import Endpoints
from ops.stack.errors import StackError
from ops.stack.process import Identity
from ops.stack.runfile import Row, RunFile

HEALTHY = Row(name="redis", kind="server", state="running", pid=1, port=6379, ready_s=0.1)
DEAD = Row(name="kafka", kind="server", state="stopped", port=9092, exit_code=-9)


def run_file(*rows, phase="ready"):
    owner = Identity.of(os.getpid())
    return RunFile(owner=owner, phase=phase, endpoints=Endpoints(redis="redis://r"), rows=rows)


def call(*arguments):
    return CliRunner().invoke(stack, [*map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["up", "--service", "oracle"], "'oracle' is not one of"),
        (["up", "--port", "kafka"], "NAME=PORT"),
        (["up", "--port", "kafka=99999"], "must be 1 to 65535"),
        (["up", "--service", "redis", "--workers", "1"], "need kafka"),
        (["logs", "oracle"], "no log named 'oracle'"),
    ],
)
def test_wrong_usage_exits_2(tmp_path, arguments, said):
    answer = call(*arguments, "--root", tmp_path)
    assert answer.exit_code == 2
    assert said in answer.output


def test_status_of_nothing_exits_3(tmp_path):
    answer = call("status", "--root", tmp_path)
    assert answer.exit_code == 3
    assert "no stack is up" in answer.output


def test_down_of_nothing_is_fine(tmp_path):
    answer = call("down", "--root", tmp_path)
    assert (answer.exit_code, answer.output) == (0, "no stack was up\n")


def test_a_failing_start_exits_3_with_its_reason(monkeypatch, tmp_path):
    def fail(_order, _say):
        raise StackError("kafka ended with exit code 1")

    monkeypatch.setattr(control, "up", fail)
    answer = call("up", "--root", tmp_path)
    assert answer.exit_code == 3
    assert "error: kafka ended with exit code 1" in answer.output


def test_up_shows_the_table_and_the_way_to_the_servers(monkeypatch, tmp_path):
    monkeypatch.setattr(control, "up", lambda _order, _say: run_file(HEALTHY))
    answer = call("up", "--root", tmp_path)
    assert answer.exit_code == 0
    assert "redis://r" in answer.output


@pytest.mark.parametrize(
    ("rows", "phase", "code"),
    [((HEALTHY,), "ready", 0), ((HEALTHY, DEAD), "ready", 1), ((HEALTHY,), "starting", 1)],
)
def test_status_exits_1_unless_all_runs(monkeypatch, tmp_path, rows, phase, code):
    monkeypatch.setattr(control, "running", lambda _root: run_file(*rows, phase=phase))
    answer = call("status", "--root", tmp_path)
    assert answer.exit_code == code
    assert "running" in answer.output


def test_status_as_json(monkeypatch, tmp_path):
    monkeypatch.setattr(control, "running", lambda _root: run_file(HEALTHY, DEAD))
    answer = json.loads(call("status", "--json", "--root", tmp_path).output)
    assert answer["endpoints"] == {"LEDGER_REDIS": "redis://r"}
    assert [row["state"] for row in answer["services"]] == ["running", "stopped"]
    assert answer["services"][1]["exit_code"] == -9


def test_wipe_prints_its_plan_and_needs_execute(tmp_path):
    (tmp_path / "redis").mkdir()
    planned = call("wipe", "--root", tmp_path)
    assert f"delete {tmp_path / 'redis'}" in planned.output
    assert "add --execute" in planned.output
    assert (tmp_path / "redis").exists()
    assert "deleted" in call("wipe", "--root", tmp_path, "--execute").output
    assert not tmp_path.exists()
    assert "nothing to delete" in call("wipe", "--root", tmp_path).output


def test_logs_without_a_name_lists_them(tmp_path):
    assert "there are no logs" in call("logs", "--root", tmp_path).output
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "kafka.log").write_text("started\n")
    assert call("logs", "--root", tmp_path).output == "kafka\n"
