"""The auditors' composition root: what it refuses before anything is connected."""

import pytest

from sinks.audit.app import EXIT_USAGE, main

ENV = {"LEDGER_KAFKA": "127.0.0.1:1", "LEDGER_POSTGRES": "host=127.0.0.1"}


@pytest.mark.parametrize(
    ("argv", "environ", "said"),
    [
        (["redis"], ENV, "LEDGER_REDIS is missing"),
        (["postgres"], {}, "LEDGER_KAFKA is missing"),
        (["postgres", "--partitions", "x"], ENV, "partitions are numbers"),
        (["postgres"], {**ENV, "LEDGER_NONSENSE": "1"}, "unknown setting LEDGER_NONSENSE"),
        (["postgres"], {**ENV, "LEDGER_LOG_FORMAT": "xml"}, "LEDGER_LOG_FORMAT is text or json"),
    ],
)
def test_what_is_missing_or_unknown_is_named(argv, environ, said, capsys):
    assert main(argv, environ) == EXIT_USAGE
    assert said in capsys.readouterr().err


def test_a_store_that_has_no_auditor_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["lake"], ENV)
    assert ended.value.code == EXIT_USAGE
    assert "invalid choice" in capsys.readouterr().err
