"""ledgerctl beside the running ledger of the test run."""

import json

import pytest

from ops.cli import main


@pytest.fixture
def ctl(ledger, monkeypatch, capsys):
    """Run ledgerctl in this process; give exit code, output and errors."""
    for name, value in ledger.stack.endpoints.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LEDGER_STATE_DIR", str(ledger.stack.layout.state))

    def run(*arguments, code=0):
        capsys.readouterr()
        found = main(list(arguments))
        shown = capsys.readouterr()
        assert found == code, (arguments, shown)
        return json.loads(shown.out) if "--json" in arguments else shown.out + shown.err

    return run
