"""The health check of a worker's container."""

import json
import os

import pytest

from ops.stack import health

NOW_S = 1_000_000.0


@pytest.fixture
def env(tmp_path):
    (tmp_path / "w").mkdir()
    return {"LEDGER_STATE_DIR": str(tmp_path), "LEDGER_WORKER": "w"}


def write(env, status, age_s=1.0):
    file = health.Path(env["LEDGER_STATE_DIR"]) / "w" / "status.json"
    file.write_text(json.dumps(status))
    os.utime(file, (NOW_S - age_s, NOW_S - age_s))


def test_a_ready_worker_is_healthy(env):
    write(env, {"ready": True})
    assert health.problem(env, NOW_S) is None


@pytest.mark.parametrize(
    ("status", "age_s", "said"),
    [
        ({"ready": False}, 1, "the worker is not ready"),
        ({}, 1, "the worker is not ready"),
        ({"ready": True}, 45, "the status is 45 s old"),
    ],
)
def test_another_one_is_not(env, status, age_s, said):
    write(env, status, age_s)
    assert health.problem(env, NOW_S) == said


def test_a_worker_that_never_spoke_is_not(env):
    assert health.problem(env, NOW_S).startswith("no status")


def test_the_exit_code_tells(env, monkeypatch, capsys):
    monkeypatch.setattr("ops.stack.config.environment", lambda: env)
    assert health.main() == 1
    assert "no status" in capsys.readouterr().out
