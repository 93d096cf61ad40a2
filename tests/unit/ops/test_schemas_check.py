"""`ledgerctl schemas check`: clean here; a schema that is not in the lock, or gone, is named."""

import json

import pytest
from click.testing import CliRunner

from ops.registered import command
from schemas.lock import Version, read_lock, write_lock

DECISION = "ledger.decisions.Decision"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(command.schemas, ["check", *arguments])


def test_what_is_committed_is_clean(run):
    done = run("--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["differences"] == []
    assert "0 differences" in run().output


def test_a_schema_that_nobody_registered_is_named(run, monkeypatch):
    lock = read_lock()
    lock[DECISION] = lock[DECISION][:-1]
    monkeypatch.setattr(command, "read_lock", lambda *_: lock)
    done = run()
    assert done.exit_code == 1
    assert DECISION in done.stderr


def test_a_version_that_is_gone_is_named(run, tmp_path):
    lock = read_lock()
    lock["ledger.gone.Thing"] = (Version(9_999, "x", {"type": "record"}),)
    base = tmp_path / "base.json"
    write_lock(lock, base)
    done = run("--base", str(base), "--json")
    assert done.exit_code == 1
    assert any("ledger.gone.Thing" in each for each in json.loads(done.output)["differences"])
