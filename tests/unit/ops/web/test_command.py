"""`ledgerctl console`: a port that is taken and a ledger that nobody named are told at once."""

import socket
from contextlib import closing

import pytest

from ops.cli import main
from ops.web.command import LOOPBACK, listening


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    for name in ("KAFKA", "POSTGRES", "CASSANDRA", "REDIS", "STATE_DIR"):
        monkeypatch.delenv(f"LEDGER_{name}", raising=False)
    monkeypatch.setenv("LEDGER_STACK_DIR", str(tmp_path / "stack"))


def test_a_port_that_is_taken_is_named(nowhere, capsys):
    with closing(socket.create_server((LOOPBACK, 0))) as other:
        port = other.getsockname()[1]
        assert main(["console", "--port", str(port)]) == 2
    assert f"--port {port}: Address already in use" in capsys.readouterr().err


def test_without_a_ledger_the_way_out_is_named_and_the_port_is_free_again(nowhere, capsys):
    with closing(listening(0)) as found:
        port = found.getsockname()[1]
    assert main(["console", "--port", str(port)]) == 3
    assert "where is kafka?" in capsys.readouterr().err
    listening(port).close()


def test_it_listens_on_this_machine_alone():
    with closing(listening(0)) as found:
        assert found.getsockname()[0] == "127.0.0.1"
