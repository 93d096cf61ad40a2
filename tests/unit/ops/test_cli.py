"""ledgerctl itself: quick help, the base install, exit codes, and where it looks for servers."""

import subprocess
import sys
from pathlib import Path

import pytest

from ops.cli import NOUNS, main
from ops.errors import NothingKnownError, SettingsError
from ops.exits import CODES, explain
from ops.settings import read_settings

ROOT = Path(__file__).parents[3]


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No server named, no stack up."""
    for name in ("KAFKA", "POSTGRES", "CASSANDRA", "REDIS", "STATE_DIR"):
        monkeypatch.delenv(f"LEDGER_{name}", raising=False)
    monkeypatch.setenv("LEDGER_STACK_DIR", str(tmp_path / "stack"))


def run(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_noun_and_imports_none(capsys):
    code = (
        "import sys\nfrom ops.cli import main\ncode = main(['--help'])\n"
        "heavy = {'confluent_kafka', 'rich.table', 'ops.stack.stack', 'faust', 'psycopg'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\nsys.exit(code)"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    for noun in NOUNS:
        assert f"  {noun} " in done.stdout


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_works_with_the_base_install(arguments):
    code = (
        "import sys\nsys.modules['click'] = None\nfrom ops.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = run(code, *arguments)
    assert done.returncode == 0, done.stderr
    assert "topics" in done.stdout
    assert "pip install 'wallet-ledger[" in done.stdout


def test_a_noun_without_its_extra_says_what_to_install():
    code = (
        "import sys\nsys.modules['click'] = None\nfrom ops.cli import main\n"
        "sys.exit(main(['topics', 'plan']))"
    )
    done = run(code)
    assert done.returncode == 2
    assert "packages that are not installed (click)" in done.stderr


def test_an_unknown_noun_is_a_usage_error(capsys):
    assert main(["frobnicate"]) == 2
    assert "No such command 'frobnicate'" in capsys.readouterr().err


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_noun_has_help(noun, capsys):
    assert main([noun, "--help"]) == 0
    assert f"Usage: ledgerctl {noun}" in capsys.readouterr().out


def test_without_any_server_the_way_out_is_named(nowhere, capsys):
    assert main(["topics", "plan"]) == 3
    assert "run `ledgerctl stack up` or set it" in capsys.readouterr().err


def test_an_unknown_setting_is_named():
    with pytest.raises(
        SettingsError, match="unknown setting LEDGER_KAFAK; known: LEDGER_ALIAS_SECRET"
    ):
        read_settings({"LEDGER_KAFAK": "x"})


def test_settings_of_workers_and_sinks_are_not_unknown(tmp_path):
    given = {"LEDGER_ENV": "test", "LEDGER_KAFKA": "k:1", "LEDGER_STACK_DIR": str(tmp_path)}
    settings = read_settings(given)
    assert str(settings.broker()) == "k:1"
    assert settings.state_dir == tmp_path / "state"
    assert settings.stores() == {}
    with pytest.raises(NothingKnownError, match="where is redis"):
        settings.store("redis")


def test_every_known_error_exists():
    for name in CODES:
        module, _, attribute = name.rpartition(".")
        assert isinstance(getattr(__import__(module, fromlist=[attribute]), attribute), type)


def test_a_bug_of_ours_has_no_exit_code():
    assert explain(ZeroDivisionError("x")) == (None, "x")
