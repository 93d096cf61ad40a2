"""`ledgerctl acl`: what is refused before any broker is asked."""

import pytest

from ops.cli import main
from ops.exits import AWAY, USAGE

NOBODY = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def broker(monkeypatch, tmp_path):
    monkeypatch.setenv("LEDGER_KAFKA", NOBODY)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "--principal", "wallet"], "--principal wallet: PROCESS=User:NAME"),
        (["plan", "--principal", "walet=User:w"], "walet is no process of the ledger; known:"),
        (["apply", "--execute"], "--execute needs --reason"),
    ],
)
def test_wrong_usage_is_named(arguments, said, capsys):
    assert main(["acl", *arguments]) == USAGE
    assert said in capsys.readouterr().err


def test_a_broker_that_is_away_is_a_dependency(monkeypatch, capsys):
    monkeypatch.setattr("topics.acl.execute.TIMEOUT_S", 0.2)
    assert main(["acl", "plan"]) == AWAY
    assert f"no Kafka broker answers at {NOBODY}" in capsys.readouterr().err
